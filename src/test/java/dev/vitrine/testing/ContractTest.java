package dev.vitrine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.Contract.Got;
import dev.vitrine.testing.Contract.Sent;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tests' client would let pass would be no contract. */
class ContractTest {
    private static final Contract CONTRACT = Contract.get();

    private static HttpHeaders headers(String type) {
        Map<String, List<String>> all = type == null ? Map.of() : Map.of("Content-Type", List.of(type));
        return HttpHeaders.of(all, (name, value) -> true);
    }

    private static Sent sent(String method, String path, String type, byte[] body) {
        return new Sent(method, URI.create("http://127.0.0.1:1" + path), headers(type), body);
    }

    private static Sent get(String path) {
        return sent("GET", path, null, new byte[0]);
    }

    private static Sent form(MultipartBody form) {
        return sent("POST", "/search", form.contentType(), form.toByteArray());
    }

    @ParameterizedTest
    @CsvSource({"/jobs", "/jobs?limit=3&status=failed", "/jobs/x", "/products/a%2Fb", "/stats", "/observe/health/live"})
    void takesWhatIsInTheDocument(String path) {
        assertThat(CONTRACT.faults(get(path))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/jobs?limt=3, limt",
        "/jobs?limit=0, limit",
        "/jobs?limit=x, limit",
        "/jobs?limit=1&limit=2, more than once",
        "/jobs?status=done, status",
        "/nowhere, no path",
        "/search, no method"
    })
    void findsARequestThatIsNot(String path, String fault) {
        assertThat(String.join(" ", CONTRACT.faults(get(path)))).contains(fault);
    }

    @Test
    void looksIntoForms() {
        MultipartBody good =
                new MultipartBody().file("image_file", "a.jpg", new byte[3]).field("limit", "3");
        assertThat(CONTRACT.faults(form(good))).isEmpty();
        MultipartBody bad = new MultipartBody()
                .field("image_file", "a.jpg")
                .field("limit", "1.5")
                .field("limt", "3");
        assertThat(String.join(" ", CONTRACT.faults(form(bad)))).contains("image_file: is no file", "limit", "limt");
    }

    @Test
    void looksIntoJson() {
        byte[] words = "{\"text\":\"mug\",\"limt\":3}".getBytes(StandardCharsets.UTF_8);
        assertThat(String.join(" ", CONTRACT.faults(sent("POST", "/search", "application/json", words))))
                .contains("limt");
        assertThat(CONTRACT.faults(sent("POST", "/search", "text/plain", words)))
                .hasSize(1);
        assertThat(CONTRACT.faults(sent("POST", "/stats", null, words))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|application/json|{\"jobs\":[],\"next_cursor\":null}|",
                "200|application/json|{\"jobs\":[],\"next_cursor\":null,\"more\":1}|more",
                "200|application/json|{\"jobs\":[]}|next_cursor",
                "200|text/html|x|text/html",
                "201|application/json|{\"jobs\":[],\"next_cursor\":null}|201",
                "400|application/json|{}|application/json",
                "400|application/problem+json|{\"type\":\"a\",\"title\":\"a\",\"status\":400,\"detail\":\"a\"}|",
                "400|application/problem+json|{\"type\":\"a\",\"title\":\"a\",\"status\":404,\"detail\":\"a\"}|status",
                "503|application/problem+json|{\"type\":\"a\",\"title\":\"a\",\"status\":503,\"detail\":\"a\"}|Retry-After"
            })
    void findsAnAnswerThatIsNotInTheDocument(int status, String type, String body, String fault) {
        List<String> faults = CONTRACT.faults(get("/jobs"), new Got(status, headers(type), body));

        if (fault == null) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(String.join(" ", faults)).contains(fault);
        }
    }
}
