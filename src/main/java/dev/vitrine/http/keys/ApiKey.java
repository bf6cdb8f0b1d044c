package dev.vitrine.http.keys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What is known of a key: all but the key. A key of ours is 256 random bits, so one plain SHA-256 keeps it: there is no
 * dictionary to try, and a slow hash would only let strangers keep the processor busy.
 *
 * @param id the first eight hex digits of the hash, to speak of one of several keys of a name
 * @param name whose key it is; logs and metrics have it
 * @param role what it lets its holder do
 * @param collections those it may touch; empty for all
 * @param created RFC 3339
 * @param expires RFC 3339; null for never
 * @param sha256 the key's hash, hex
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiKey(
        @JsonProperty("id") String id,
        @JsonProperty("name") String name,
        @JsonProperty("role") Role role,
        @JsonProperty("collections") List<String> collections,
        @JsonProperty("created") String created,
        @JsonProperty("expires") String expires,
        @JsonProperty("sha256") String sha256) {
    private static final int KEY_BYTES = 32;
    private static final String PREFIX = "vitrine_";

    /** Checks what a file says. */
    public ApiKey {
        if (name == null || !name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "A key's name has 1 to 64 letters, digits, '.', '_' or '-'; '" + name + "' is none");
        }
        if (role == null) {
            throw new IllegalArgumentException("The key " + name + " has no role; use read, write or admin");
        }
        if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("The key " + name + " has no sha256 of 64 hex digits");
        }
        if (expires != null) {
            Instant.parse(expires);
        }
        id = sha256.substring(0, 8);
        collections = collections == null ? List.of() : List.copyOf(collections);
    }

    /** A new key, as its holder sends it. */
    public static String random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is known of a key. */
    public static ApiKey of(
            String key, String name, Role role, List<String> collections, Instant created, Instant expires) {
        return new ApiKey(
                null,
                name,
                role,
                collections,
                created.toString(),
                expires == null ? null : expires.toString(),
                hash(key));
    }

    /** Whether it is no longer valid at a time. */
    public boolean isExpired(Instant now) {
        return expires != null && !now.isBefore(Instant.parse(expires));
    }

    /** The hash of a key, 64 hex digits. */
    static String hash(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
