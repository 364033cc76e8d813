# triage: `make help` lists every target.

BUILD  ?= build
CC     ?= cc
SHARED ?= $(abspath $(CURDIR)/../shared)

export TRIAGE_BUILD  := $(abspath $(BUILD))
export TRIAGE_TOOL   ?= $(TRIAGE_BUILD)/triage
export TRIAGE_MODULE ?= $(TRIAGE_BUILD)/ngx_http_triage_module.so
export TRIAGE_SHARED ?= $(SHARED)

WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wvla \
           -Werror
CFLAGS  ?= -O2 -g
SANITIZE =
V ?=
Q = $(if $(V),,@)
SAY = @printf '  %-8s %s\n'
ALL_CFLAGS = -std=gnu11 -fPIC -I$(shell pg_config --includedir 2>/dev/null) \
             $(WARNINGS) $(CFLAGS) $(SANITIZE)
LIBS = -lpq -ljansson -lcrypto -lexpat -lm

STATIONS = base message platform score route intake store
LIB_C  := $(foreach station,$(STATIONS),$(wildcard src/$(station)/*.c))
LIB_O  := $(LIB_C:%.c=$(BUILD)/%.o)
TOOL_C := $(wildcard src/tool/*.c)
TOOL_O := $(TOOL_C:%.c=$(BUILD)/%.o)
UNIT   := $(patsubst t/unit/%_test.c,$(BUILD)/t/%_test,$(wildcard t/unit/*_test.c))

-include parts.mk

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: lib tool module ## the library, the command line and the nginx module

.PHONY: lib
lib: $(BUILD)/libtriage.a ## src/ as a library that has never heard of nginx

.PHONY: tool
tool: $(BUILD)/triage ## the command line, build/triage

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libtriage.a: $(LIB_O)
	@rm -f $@
	$(SAY) AR $@
	$(Q)ar rcs $@ $^

# src/sql as C, so that `triage migrate` carries it.
$(BUILD)/sql.c: src/tool/embed $(shell src/tool/embed --list src/sql)
	@mkdir -p $(@D)
	$(SAY) SQL $@
	$(Q)src/tool/embed src/sql > $@.new && mv $@.new $@

$(BUILD)/sql.o: $(BUILD)/sql.c src/tool/schema.h
	$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -Isrc/tool -c $< -o $@

$(BUILD)/triage: $(TOOL_O) $(BUILD)/sql.o $(BUILD)/libtriage.a
	$(SAY) LINK $@
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $^ $(TOOL_LIBS) $(LIBS) -o $@

$(BUILD)/t/%_test: t/unit/%_test.c $(BUILD)/libtriage.a
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP $< $(BUILD)/libtriage.a $(LIBS) -o $@

# The module, for Debian's nginx: its headers and flags come with nginx-dev.
# A vanilla tree of the same version makes a module that loads and is wrong
# (Debian's structures differ), so NGINX_SOURCE is for a binary made of it.
NGINX_DEV ?= /usr/share/nginx/src
MODULE_C  := $(wildcard ngx_module/*.[ch]) config

.PHONY: module
module: $(BUILD)/ngx_http_triage_module.so ## the dynamic module for Debian's nginx

$(BUILD)/nginx/objs/Makefile: config
	@rm -rf $(BUILD)/nginx && mkdir -p $(BUILD)/nginx
	$(SAY) CONF nginx
	$(Q)cp -rs $(NGINX_DEV)/. $(BUILD)/nginx/
	$(Q)cd $(BUILD)/nginx && bash -c '. $(NGINX_DEV)/conf_flags && \
	    ./configure "$${NGX_CONF_FLAGS[@]}" \
	    --with-cc-opt="-g -O2 -fPIC $(SANITIZE)" \
	    --add-dynamic-module=$(CURDIR)' > $(TRIAGE_BUILD)/configure.log

$(BUILD)/ngx_http_triage_module.so: $(BUILD)/nginx/objs/Makefile \
		$(MODULE_C) $(LIB_C) $(wildcard src/*/*.h src/score/*/*)
	$(SAY) MODULE $@
	$(Q)cd $(BUILD)/nginx && $(MAKE) -f objs/Makefile modules \
	    > $(TRIAGE_BUILD)/module.log
	$(Q)cp $(BUILD)/nginx/objs/ngx_http_triage_module.so $@

.PHONY: unit
unit: $(UNIT)

-include $(LIB_O:.o=.d) $(TOOL_O:.o=.d) $(UNIT:=.d)

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD)
