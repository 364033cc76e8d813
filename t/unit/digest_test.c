#include "../../src/base/digest.h"
#include "tap.h"

#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;

static triage_keyring_t *
ring(const char *keys)
{
    const char *why;

    return triage_keyring_read(triage_text_of(keys), &why);
}

static bool
refuses(triage_text_t keys, const char *reason)
{
    const char *why = NULL;
    triage_keyring_t *keyring = triage_keyring_read(keys, &why);

    triage_keyring_free(keyring);

    return keyring == NULL && strcmp(why, reason) == 0;
}

static void
reads_keys(void)
{
    static char many[17 * 2], long_key[1025];
    triage_keyring_t *keyring =
        ring("# of January\n  first key \r\n\nsecond\n#third");

    ok(triage_keyring_count(keyring) == 2, "a key a line");
    ok(triage_text_is(triage_keyring_key(keyring, 0), "first key")
           && triage_text_is(triage_keyring_key(keyring, 1), "second"),
       "without the blanks around it");
    triage_keyring_free(keyring);

    for (size_t i = 0; i < sizeof(many); i += 2) {
        many[i] = 'k';
        many[i + 1] = '\n';
    }
    memset(long_key, 'k', sizeof(long_key));

    ok(refuses(triage_text(""), "no key in it")
           && refuses(triage_text("\n # none\n"), "no key in it"),
       "a file without a key");
    ok(refuses((triage_text_t){ many, sizeof(many) }, "more than 16 keys"),
       "a file with too many");
    ok(refuses((triage_text_t){ long_key, sizeof(long_key) },
               "a key is longer than 1024 bytes"),
       "a key that is none");
    ok(refuses(triage_text("whsec_???"), "a whsec_ key is not base64"),
       "a Standard Webhooks key that is no base64");
    triage_keyring_free(NULL);
    ok(triage_keyring_count(NULL) == 0
           && !triage_keyring_has(NULL, triage_text("a")),
       "no keyring has no keys");
}

/* RFC 4231, test case 2. */
static const char rfc_key[] = "Jefe";
static const triage_text_t rfc_parts[] = { TRIAGE_TEXT("what do ya want "),
                                           TRIAGE_TEXT(""),
                                           TRIAGE_TEXT("for nothing?") };

static bool
signed_as(triage_keyring_t *keyring, triage_hash_t hash, const char *hex)
{
    return triage_keyring_signed(keyring, hash, rfc_parts, 3, TRIAGE_HEX,
                                 triage_text_of(hex));
}

static void
macs(void)
{
    static const char sha256[] = "5bdcc146bf60754e6a042426089575c7"
                                 "5a003f089d2739839dec58b964ec3843";
    triage_keyring_t *keyring = ring(rfc_key);
    uint8_t mac[TRIAGE_DIGEST_MAX];

    ok(signed_as(keyring, TRIAGE_SHA256, sha256)
           && signed_as(keyring, TRIAGE_SHA256, sha256),
       "HMAC-SHA256 as RFC 4231 has it, and again");
    ok(signed_as(keyring, TRIAGE_SHA1,
                 "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
       "HMAC-SHA1 as RFC 2202 has it");
    ok(signed_as(keyring, TRIAGE_SHA512,
                 "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea"
                 "2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e"
                 "070a38bce737"),
       "HMAC-SHA512 in capitals or not");
    ok(signed_as(keyring, TRIAGE_SHA256,
                 "5BDCC146BF60754E6A042426089575C7"
                 "5A003F089D2739839DEC58B964EC3843"),
       "in capitals");
    ok(triage_keyring_mac(keyring, 0, TRIAGE_SHA384, rfc_parts, 3, mac) == 48
           && triage_hash_size(TRIAGE_SHA384) == 48,
       "a MAC has the size of its hash");
    triage_keyring_free(keyring);
}

static void
refuses_signatures(void)
{
    static const char base64[] =
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
    triage_keyring_t *keyring = ring(rfc_key);
    char broken[65] = "5bdcc146bf60754e6a042426089575c7"
                      "5a003f089d2739839dec58b964ec3843";
    bool all = true;

    for (size_t i = 0; i < 64; i++) {
        char digit = broken[i];

        broken[i] = digit == '0' ? '1' : '0';
        all = all && !signed_as(keyring, TRIAGE_SHA256, broken);
        broken[i] = digit;
    }
    ok(all, "each wrong digit is noticed");

    ok(!signed_as(keyring, TRIAGE_SHA256, "")
           && !triage_keyring_signed(keyring, TRIAGE_SHA256, rfc_parts, 3,
                                     TRIAGE_HEX, triage_no_text)
           && !signed_as(keyring, TRIAGE_SHA256, "5b")
           && !triage_keyring_signed(keyring, TRIAGE_SHA256, rfc_parts, 3,
                                     TRIAGE_HEX,
                                     (triage_text_t){ broken, 63 }),
       "nothing, and half a signature");
    ok(triage_keyring_signed(keyring, TRIAGE_SHA256, rfc_parts, 3,
                             TRIAGE_BASE64, triage_text_of(base64)),
       "base64");
    ok(!triage_keyring_signed(keyring, TRIAGE_SHA256, rfc_parts, 3,
                              TRIAGE_BASE64,
                              triage_text("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDne"
                                          "xYuWTsOEM"))
           && !triage_keyring_signed(
               keyring, TRIAGE_SHA256, rfc_parts, 3, TRIAGE_BASE64,
               triage_text("W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEN=")),
       "base64 has one spelling");
    triage_keyring_free(keyring);
    ok(!triage_keyring_signed(NULL, TRIAGE_SHA256, rfc_parts, 3, TRIAGE_HEX,
                              (triage_text_t){ broken, 64 }),
       "without a key nothing is signed");
}

static void
rotates(void)
{
    static const char sha256[] = "5bdcc146bf60754e6a042426089575c7"
                                 "5a003f089d2739839dec58b964ec3843";
    triage_keyring_t *keyring = ring("new key\nJefe\n");
    triage_keyring_t *other = ring("new key\nthe next\n");

    ok(signed_as(keyring, TRIAGE_SHA256, sha256), "any key may have signed");
    ok(!signed_as(other, TRIAGE_SHA256, sha256), "but one must");
    triage_keyring_free(keyring);
    triage_keyring_free(other);

    keyring = ring("whsec_SmVmZQ==\n");
    ok(signed_as(keyring, TRIAGE_SHA256, sha256),
       "a Standard Webhooks key is used decoded");
    triage_keyring_free(keyring);
}

static void
compares_tokens(void)
{
    triage_keyring_t *keyring = ring("one\ntwo\n");

    ok(triage_keyring_has(keyring, triage_text("one"))
           && triage_keyring_has(keyring, triage_text("two")),
       "each key is a token");
    ok(!triage_keyring_has(keyring, triage_text("on"))
           && !triage_keyring_has(keyring, triage_text("ones"))
           && !triage_keyring_has(keyring, triage_text(""))
           && !triage_keyring_has(keyring, triage_no_text),
       "nothing else is");
    triage_keyring_free(keyring);
}

static void
ed25519(void)
{
    /* RFC 8032, 7.1, test 1: the empty message; and our own parts */
    triage_keyring_t *signer = ring(
        "# a private key\nwhsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    triage_keyring_t *checker = ring("d75a980182b10ab7d54bfed3c964073a"
                                     "0ee172f3daa62325af021a68f707511a");
    uint8_t signature[TRIAGE_DIGEST_MAX];
    triage_text_t text = { (const char *) signature, 64 };

    ok(triage_keyring_ed25519_sign(signer, NULL, 0, signature)
           && signature[0] == 0xE5 && signature[63] == 0x0B,
       "signs as RFC 8032 has it");
    ok(triage_keyring_ed25519(checker, NULL, 0, text), "and checks it");
    ok(triage_keyring_ed25519_sign(signer, rfc_parts, 3, signature)
           && triage_keyring_ed25519(checker, rfc_parts, 3, text)
           && !triage_keyring_ed25519(checker, rfc_parts, 2, text),
       "over parts put together");
    signature[10] ^= 1;
    ok(!triage_keyring_ed25519(checker, rfc_parts, 3, text),
       "a flipped bit is noticed");
    text.len = 63;
    ok(!triage_keyring_ed25519(checker, rfc_parts, 3, text),
       "and a missing byte");
    ok(!triage_keyring_ed25519_sign(checker, rfc_parts, 3, signature),
       "a public key signs nothing");
    triage_keyring_free(signer);
    triage_keyring_free(checker);
}

static void
digests(void)
{
    const triage_text_t part = TRIAGE_TEXT("abc");
    uint8_t digest[TRIAGE_DIGEST_MAX];
    size_t len = triage_digest(TRIAGE_SHA256, &part, 1, digest);

    ok(len == 32
           && triage_text_is(triage_hex_encode(digest, len, &arena),
                             "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad"),
       "SHA-256 of abc");
    ok(triage_digest_equal("abc", "abc", 3)
           && !triage_digest_equal("abc", "abd", 3),
       "equal bytes are equal");
}

static bool
base64(const char *bytes, const char *digits)
{
    triage_text_t text = triage_text_of(bytes);

    return triage_text_is(triage_base64_encode(text, &arena), digits)
           && triage_text_equal(
               triage_base64_decode(triage_text_of(digits), &arena), text);
}

static bool
no_base64(const char *digits)
{
    return triage_base64_decode(triage_text_of(digits), &arena).data == NULL;
}

static void
encodings(void)
{
    ok(base64("", "") && base64("f", "Zg==") && base64("fo", "Zm8=")
           && base64("foo", "Zm9v") && base64("foobar", "Zm9vYmFy"),
       "base64 as RFC 4648 has it");
    ok(no_base64("Zg=") && no_base64("Zg") && no_base64("Zh==")
           && no_base64("Z===") && no_base64("Zm 9") && no_base64("-_-_")
           && no_base64("===="),
       "what is not");
    ok(triage_base64url_decode(triage_text("-_-_"), &arena).len == 3
           && triage_text_is(
               triage_base64url_decode(triage_text("Zg"), &arena), "f")
           && triage_text_is(
               triage_base64url_decode(triage_text("Zg=="), &arena), "f")
           && triage_base64url_decode(triage_text("+/+/"), &arena).data
                  == NULL,
       "base64url, padded or not");
    ok(triage_text_is(triage_hex_decode(triage_text("616263"), &arena), "abc")
           && triage_hex_decode(triage_text("61626"), &arena).data == NULL
           && triage_hex_decode(triage_text("6x"), &arena).data == NULL,
       "hex");
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    reads_keys();
    macs();
    refuses_signatures();
    rotates();
    compares_tokens();
    ed25519();
    digests();
    encodings();
    triage_heap_free(&heap);

    return done_testing();
}
