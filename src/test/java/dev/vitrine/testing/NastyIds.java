package dev.vitrine.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;

/** Ids that shops have, or that somebody might try. */
public final class NastyIds {

    /** No two are the same id. */
    public static final List<String> ALL = List.of(
            "gid://shopify/Product/1",
            "AB 12/3",
            "AB%2012%2F3",
            "AB+12/3",
            "ab 12/3",
            "Gro\u0308\u00DFe 38", // typed apart
            "../../etc/passwd",
            "./.",
            "/",
            "//",
            "%",
            "%2F",
            "%252F",
            "%00",
            "a?b=c#d;e&f=g",
            "C:\\pictures\\mug",
            "\"'`<b>$(x)${body}{{x}}",
            "${header.name}",
            "null",
            "products",
            "{product_id}",
            ":product_id",
            "*",
            "a,b",
            "\u0645\u0642\u0627\u0633 \u0663\u0668",
            "a\u202Eb\u2066c",
            "\u6771\u4EAC 38\u53F7",
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
            "x".repeat(256),
            "\uD83D\uDE00".repeat(256));

    private NastyIds() {}

    /** As the service gives it back. */
    public static String normal(String id) {
        return Normalizer.normalize(id, Normalizer.Form.NFC);
    }

    /** As a client writes it into a path or a query. */
    public static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
