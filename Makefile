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
TOOL_LIBS = -llinear

STATIONS = base desk message platform score route intake wait store
LIB_C  := $(foreach station,$(STATIONS),$(wildcard src/$(station)/*.c))
LIB_O  := $(LIB_C:%.c=$(BUILD)/%.o)
TOOL_C := $(wildcard src/tool/*.c)
TOOL_O := $(TOOL_C:%.c=$(BUILD)/%.o)
UNIT   := $(patsubst t/unit/%_test.c,$(BUILD)/t/%_test,$(wildcard t/unit/*_test.c))

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: lib tool module ## the library, the command line and the nginx module

.PHONY: lib
lib: $(BUILD)/libtriage.a ## src/ as a library that has never heard of nginx

# The assembler takes these in, so no compiler lists them.
$(BUILD)/src/score/shipped.o: $(wildcard src/score/phrases/*.txt) \
                              src/score/model/shipped.model
$(BUILD)/src/desk/call.o: $(wildcard src/desk/calls/*)
$(BUILD)/src/desk/page.o: $(wildcard src/desk/page/*)

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

# nginx's own Makefile names each file: made anew when one comes or goes, and
# config has to name it too, or the module lacks it when nginx loads it.
.PHONY: always
$(BUILD)/parts: always
	@mkdir -p $(@D)
	@echo '$(LIB_C)' | cmp -s - $@ || echo '$(LIB_C)' > $@

$(BUILD)/nginx/objs/Makefile: config $(BUILD)/parts
	@rm -rf $(BUILD)/nginx && mkdir -p $(BUILD)/nginx
	@for part in $(LIB_C:src/%.c=%); do grep -q " $$part " config || \
	    { echo "config: add $$part to triage_parts" >&2; exit 1; }; done
	$(SAY) CONF nginx
	$(Q)cp -rs $(NGINX_DEV)/. $(BUILD)/nginx/
	$(Q)cd $(BUILD)/nginx && bash -c '. $(NGINX_DEV)/conf_flags && \
	    ./configure "$${NGX_CONF_FLAGS[@]}" \
	    --with-cc-opt="-g -O2 -fPIC $(SANITIZE)" \
	    --add-dynamic-module=$(CURDIR)' > $(TRIAGE_BUILD)/configure.log

$(BUILD)/ngx_http_triage_module.so: $(BUILD)/nginx/objs/Makefile \
		$(MODULE_C) $(LIB_C) $(wildcard src/*/*.h src/score/*/* src/desk/*/*)
	$(SAY) MODULE $@
	$(Q)cd $(BUILD)/nginx && $(MAKE) -f objs/Makefile modules \
	    > $(TRIAGE_BUILD)/module.log
	$(Q)cp $(BUILD)/nginx/objs/ngx_http_triage_module.so $@

.PHONY: unit
unit: $(UNIT) ## the unit tests of the library, as programs

# Everything that is tested prints TAP, and one prove runs it.  T=t/nginx or
# T=t/layers.t runs a part; PROVE='prove -v' says more.
PROVE  ?= prove -j2
ALL_T  := $(sort $(shell find t -name '*.t' -not -path 't/check/*'))
T      ?= $(ALL_T) $(UNIT)

.PHONY: deps
deps: ## install the Debian packages that are missing
	@.ci/deps

.PHONY: test
test: ## build everything and run every test
	@.ci/deps test
	@$(MAKE) --no-print-directory build unit
	$(Q)$(PROVE) -r $(T)

.PHONY: check
check: ## format, layers, banned calls, directives, lint, a short fuzz
	@.ci/deps check
	@$(MAKE) --no-print-directory lib
	$(Q)$(PROVE) t/layers.t t/banned.t t/directives.t t/check
	$(Q)$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=2

.PHONY: format
format: ## write the C files as .clang-format has them
	$(Q)clang-format -i $$(t/check/sources c)

# The library, the tool and the whole of nginx with the module in it, under
# AddressSanitizer and UndefinedBehaviorSanitizer.
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
             -fno-omit-frame-pointer
ASAN       = $(TRIAGE_BUILD)/asan

.PHONY: sanitize
sanitize: sanitize-library sanitize-nginx ## run the tests under ASan and UBSan

.PHONY: sanitize-library
sanitize-library:
	@.ci/deps check
	@$(MAKE) --no-print-directory BUILD=$(ASAN) CC=clang \
	    CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' lib tool unit
	$(Q)t/sanitize/run env TRIAGE_BUILD=$(ASAN) TRIAGE_TOOL=$(ASAN)/triage \
	    CC=clang SANITIZE='$(SANITIZERS)' $(PROVE) -r t/tool t/store \
	    $(patsubst $(BUILD)/%,$(ASAN)/%,$(UNIT))

.PHONY: sanitize-nginx
sanitize-nginx: tool
	@.ci/deps check
	$(Q)t/sanitize/build-nginx $(ASAN)
	$(Q)t/sanitize/run env TRIAGE_NGINX=$(ASAN)/nginx/objs/nginx \
	    TRIAGE_MODULE= TRIAGE_PATIENCE=120 $(PROVE) t/nginx

JITTER_MS ?= 300

.PHONY: jitter
jitter: build unit ## run the tests while their processes stand still, at random
	@.ci/deps test
	$(Q)t/jitter/run $(JITTER_MS) $(PROVE) -r $(T)

FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: ## feed every parser with hostile bytes, FUZZ_SECONDS=60 each
	@.ci/deps check
	$(Q)t/fuzz/parsers $(FUZZ_SECONDS)
	$(Q)t/fuzz/run $(FUZZ_SECONDS)

VALGRIND = valgrind -q --error-exitcode=9 --leak-check=full \
           --errors-for-leak-kinds=definite,indirect

.PHONY: valgrind
valgrind: unit ## run the unit tests under valgrind
	@.ci/deps check
	$(Q)$(PROVE) --exec '$(VALGRIND)' $(UNIT)

.PHONY: coverage
coverage: ## how much of src/ the tests reach, a file a line
	@.ci/deps test
	@$(MAKE) --no-print-directory BUILD=$(TRIAGE_BUILD)/coverage \
	    CFLAGS='-O0 -g' SANITIZE=--coverage lib tool unit
	$(Q)find $(TRIAGE_BUILD)/coverage -name '*.gcda' -delete
	$(Q)TRIAGE_BUILD=$(TRIAGE_BUILD)/coverage \
	    TRIAGE_TOOL=$(TRIAGE_BUILD)/coverage/triage \
	    SANITIZE=--coverage $(PROVE) -Q -r t/tool t/store t/platforms*.t \
	    $(patsubst $(BUILD)/%,$(TRIAGE_BUILD)/coverage/%,$(UNIT))
	$(Q)t/check/coverage $(TRIAGE_BUILD)/coverage

.PHONY: run
run: deps ## a private PostgreSQL and nginx under .triage, with samples
	@$(MAKE) --no-print-directory build
	$(Q)demo/run

.PHONY: screenshots
screenshots: ## the pictures of docs/desk.md, from a demo of their own
	@.ci/deps test
	@$(MAKE) --no-print-directory build
	$(Q)demo/screenshots

.PHONY: stop
stop: ## end what `make run` started
	$(Q)demo/stop

.PHONY: model
model: tool ## train the weights that are shipped, from ../shared
	$(Q)src/score/model/train $(BUILD)/triage

.PHONY: bench bench-claim bench-ingest bench-instructions bench-order \
        bench-record bench-reports bench-score bench-work
bench: bench-order bench-score bench-instructions bench-ingest bench-work ## measure all that is promised
bench-claim: tool ## claims beside a million who wait, while messages come in
	$(Q)bench/sql/claim
bench-ingest: build ## messages a second beside the peers
	$(Q)bench/ingest/run
bench-instructions: lib ## instructions a message, by station and in SQL
	$(Q)bench/instructions/run
	$(Q)bench/sql/instructions
bench-order: build ## the order of claims against its peers
	$(Q)bench/order/run
bench-reports: tool ## reports over ANSWERS=1000000, and claims beside dashboards
	$(Q)bench/reports/run $(ANSWERS)
bench-score: build ## the scores on labelled sets
	$(Q)bench/score/run
bench-work: build ## what a message costs by what there is to do
	$(Q)bench/work/run
bench-record: build ## ingest and work, into bench/results and docs/performance.md
	$(Q)bench/ingest/run --save
	$(Q)bench/work/run --save
	$(Q)bench/plot
	$(Q)bench/tell

.PHONY: chaos
chaos: ## break everything while deliveries run, and count
	@.ci/deps test
	@$(MAKE) --no-print-directory build
	$(Q)bench/chaos/run

# As Debian's own nginx modules are installed.
PREFIX      ?= /usr/local
MODULES     ?= /usr/lib/nginx/modules
AVAILABLE   ?= /usr/share/nginx/modules-available
ENABLED     ?= /etc/nginx/modules-enabled

.PHONY: install
install: build ## the module into Debian's nginx, the tool into PREFIX
	install -D -m 755 $(BUILD)/triage $(DESTDIR)$(PREFIX)/bin/triage
	install -D -m 644 $(BUILD)/ngx_http_triage_module.so \
	    $(DESTDIR)$(MODULES)/ngx_http_triage_module.so
	install -d $(DESTDIR)$(AVAILABLE) $(DESTDIR)$(ENABLED)
	echo 'load_module modules/ngx_http_triage_module.so;' \
	    > $(DESTDIR)$(AVAILABLE)/mod-http-triage.conf
	ln -sf $(AVAILABLE)/mod-http-triage.conf \
	    $(DESTDIR)$(ENABLED)/50-mod-http-triage.conf

.PHONY: uninstall
uninstall: ## take out what `make install` put there
	rm -f $(DESTDIR)$(PREFIX)/bin/triage \
	    $(DESTDIR)$(MODULES)/ngx_http_triage_module.so \
	    $(DESTDIR)$(AVAILABLE)/mod-http-triage.conf \
	    $(DESTDIR)$(ENABLED)/50-mod-http-triage.conf

-include $(LIB_O:.o=.d) $(TOOL_O:.o=.d) $(UNIT:=.d)

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BUILD)
