package dev.vitrine.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;

/**
 * Lets only those requests pass that were signed with a shared secret: HMAC-SHA256 (RFC 2104) over the body, in Base64,
 * in a header, as WooCommerce ({@code X-WC-Webhook-Signature}) and Shopify ({@code X-Shopify-Hmac-Sha256}) send it.
 */
public final class WebhookSignature {
    private final SecretKeySpec key;
    private final String header;

    /**
     * @param secret what the shop system and this service share
     * @param header the name of the header with the signature
     */
    public WebhookSignature(String secret, String header) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.header = header;
    }

    /**
     * Checks a request.
     *
     * @throws ProblemException 401 where its signature is missing or wrong, 400 where nothing was signed
     */
    public void check(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        exchange.getMessage().setBody(body);
        String sent = exchange.getMessage().getHeader(header, "", String.class);
        byte[] expected = Base64.getEncoder().encode(hmac(body == null ? new byte[0] : body));
        if (!MessageDigest.isEqual(expected, sent.strip().getBytes(StandardCharsets.US_ASCII))) {
            throw new ProblemException(
                    401,
                    header + " is not the signature of this request under the secret that was agreed on.",
                    List.of());
        }
        if (body == null || body.length == 0) {
            throw new ProblemException(400, "The webhook has no body.", List.of());
        }
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HmacSHA256", e);
        }
    }
}
