package dev.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of the API's description is whole, and comes from here alone. */
class WebFilesTest {
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"(?!data:)([^\"]+)\"");

    private final WebFiles docs = WebFiles.ofApiDocs();

    private Exchange serve(String file, String path) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        docs.serve(file, path, null, null, exchange);
        return exchange;
    }

    private String text(String file) {
        return new String(serve(file, "/docs").getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }

    @Test
    void allThatThePageNamesIsServedBesideIt() {
        assertThat(LINK.matcher(text(null)).results().map(link -> link.group(1)))
                .hasSize(5)
                .allSatisfy(link -> {
                    if (!link.equals("openapi.json")) {
                        assertThat(link).startsWith("docs/");
                        assertThat(text(link.substring("docs/".length()))).isNotEmpty();
                    }
                });
    }

    @Test
    void nothingMayComeFromAnotherHost() {
        assertThat(serve(null, "/docs").getMessage().getHeader("Content-Security-Policy", String.class))
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe", "*", "http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "index.html", "../docs.js", "/docs.js", "swagger-ui.js"})
    void whatIsNotListedIsNotThere(String file) {
        assertThatThrownBy(() -> serve(file, "/docs/" + file))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no file");
    }

    @ParameterizedTest
    @CsvSource({"/docs/, ../docs", "/shop/docs/, ../docs"})
    void anAddressWithASlashLeadsToThePage(String path, String location) {
        Exchange exchange = serve(null, path);

        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(308);
        assertThat(exchange.getMessage().getHeader("Location")).isEqualTo(location);
    }

    private Exchange page(String file, String prefix) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        WebFiles.ofPage().serve(file, "/", prefix, null, exchange);
        return exchange;
    }

    @Test
    void thePageBelowAPrefixHasItsLinksThere() {
        Exchange moved = page(null, "/shop/window");

        assertThat(new String(moved.getMessage().getBody(byte[].class), StandardCharsets.UTF_8))
                .contains("<head><base href=\"/shop/window/\" />");
        assertThat(moved.getMessage().getHeader("Content-Security-Policy", String.class))
                .contains("base-uri 'self'");
        assertThat(moved.getMessage().getHeader("ETag"))
                .isNotEqualTo(page(null, null).getMessage().getHeader("ETag"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//evil.example",
                "/a//b",
                "/\"><script>",
                "/a/../..",
                "/..",
                "shop",
                "https://a.example"
            })
    void aPrefixThatIsNoPathChangesNothing(String prefix) {
        assertThat(new String(page(null, prefix).getMessage().getBody(byte[].class), StandardCharsets.UTF_8))
                .doesNotContain("<base");
    }

    @Test
    void theSampleCatalogueIsServedWithThePage() throws IOException {
        JsonNode list = new ObjectMapper()
                .readTree(page("samples.json", null).getMessage().getBody(byte[].class));

        assertThat(list).isNotEmpty().allSatisfy(sample -> {
            Exchange picture = page(sample.path("file").asText(), null);
            assertThat(picture.getMessage().getBody(byte[].class)).isNotEmpty();
            assertThat(picture.getMessage().getHeader(Exchange.CONTENT_TYPE, String.class))
                    .startsWith("image/");
        });
    }
}
