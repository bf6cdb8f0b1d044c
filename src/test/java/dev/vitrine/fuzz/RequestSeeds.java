package dev.vitrine.fuzz;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.Pictures;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests of each kind that are as they should be. */
final class RequestSeeds {
    private static final String METADATA = "{\"brand\":\"Nike\",\"price\":39.5,\"size\":[\"38\",\"39\"],\"ean\":null}";
    private static final String FILTER =
            "{\"brand\":\"Nike\",\"price\":{\"gte\":10,\"lt\":50.5},\"or\":[{\"size\":{\"any\":"
                    + "[\"38\",39,true]}},{\"not\":{\"sold_out\":{\"exists\":true}}}]}";

    /** What a request is for and the text that is changed: a body, or a path with its query. */
    record Seed(String line, String contentType, byte[] text) {}

    private RequestSeeds() {}

    static List<Seed> forms() {
        byte[] picture = Pictures.jpeg(7);
        MultipartBody upload = new MultipartBody()
                .field("product_id", "mug-1")
                .field("name", "Größe 38")
                .field("image_id", "back")
                .field("metadata", METADATA)
                .file("image_file", "mug é.jpg", picture);
        MultipartBody least = new MultipartBody()
                .field("product_id", "mug-2")
                .field("name", "Mug")
                .file("image_file", "mug.jpg", "no picture".getBytes(StandardCharsets.UTF_8));
        MultipartBody search = new MultipartBody()
                .field("limit", "3")
                .field("min_score", "0.1")
                .field("filter", FILTER)
                .file("image_file", "mug.jpg", picture);
        return List.of(
                form("POST /index-product-with-image", upload),
                form("POST /index-product-with-image", least),
                form("POST /search", search));
    }

    private static Seed form(String line, MultipartBody body) {
        return new Seed(line, body.contentType(), body.toByteArray());
    }

    static List<Seed> json() {
        return List.of(
                json("{\"text\":\"red mug\",\"limit\":3,\"min_score\":-0.5,\"filter\":" + FILTER + "}"),
                json("{\"text\":\"\\u00e9\\ud83e\\udde6 🧦\"}"),
                json("{\"text\":\"mug\",\"filter\":{\"a.b\":1,\"\\\"a.b\\\"\":{\"gt\":-9007199254740991}}}"),
                json(
                        "{\"text\":\"mug\",\"filter\":{\"and\":[{\"x\":9223372036854775807},{\"y\":{\"exists\":false}}]}}"));
    }

    private static Seed json(String body) {
        return new Seed("POST /search", "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Paths and queries; the line is the method alone. */
    static List<Seed> targets() {
        return List.of(
                target("GET", "/jobs?status=failed&product_id=mug-1&limit=5&cursor=abc"),
                target("GET", "/jobs/01890a5d-ac96-774b-bcce-b302099a8057"),
                target("POST", "/jobs/01890a5d-ac96-774b-bcce-b302099a8057/retry"),
                target("POST", "/jobs/retry?status=failed"),
                target("GET", "/products?limit=5&filter=%7B%22brand%22%3A%22Nike%22%7D"),
                target("GET", "/products/mug-1/similar?limit=3&filter=%7B%22price%22%3A%7B%22lt%22%3A5%7D%7D"),
                target("GET", "/products/gid%3A%2F%2Fshop%2FProduct%2F1"),
                target("DELETE", "/products/mug-1/images/back"),
                target("DELETE", "/products?filter=%7B%22brand%22%3A%22nobody%22%7D"),
                target("GET", "/stats"),
                target("GET", "/observe/health"),
                target("GET", "/docs/index.html"),
                target("OPTIONS", "/search"),
                target("HEAD", "/openapi.json"));
    }

    private static Seed target(String method, String target) {
        return new Seed(method, null, target.getBytes(StandardCharsets.US_ASCII));
    }
}
