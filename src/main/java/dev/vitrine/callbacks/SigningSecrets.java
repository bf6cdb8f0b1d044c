package dev.vitrine.callbacks;

import dev.vitrine.settings.InvalidSettingException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages after Standard Webhooks 1.0.0: HMAC-SHA256 over {@code id.timestamp.body}, one signature for each secret,
 * so that receivers can go over to a new secret while the old one still counts.
 */
public final class SigningSecrets {
    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    private final List<SecretKeySpec> keys;

    /**
     * @param setting the variable they are from, for messages, which never show a secret
     * @param secrets {@code whsec_} and 24 to 64 bytes in Base64
     * @throws InvalidSettingException for one that is something else
     */
    SigningSecrets(String setting, List<String> secrets) {
        this.keys = secrets.stream().map(secret -> key(setting, secret)).toList();
    }

    private static SecretKeySpec key(String setting, String secret) {
        byte[] bytes = {};
        if (secret.startsWith(PREFIX)) {
            try {
                bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) {
            throw new InvalidSettingException(setting + " has something that is not " + PREFIX + " and " + LEAST_BYTES
                    + " to " + MOST_BYTES + " bytes in Base64; make a secret with: echo " + PREFIX
                    + "$(openssl rand -base64 32)");
        }
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    /**
     * The header {@code webhook-signature}.
     *
     * @param id has no full stop
     * @param timestamp seconds since the epoch
     */
    String sign(String id, long timestamp, byte[] body) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        signed.writeBytes(body);
        return keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(hmac(key, signed.toByteArray())))
                .collect(Collectors.joining(" "));
    }

    private static byte[] hmac(SecretKeySpec key, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HmacSHA256", e);
        }
    }
}
