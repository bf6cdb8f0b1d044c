package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.http.Multipart;
import dev.vitrine.http.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchesTest {
    private static final CamelContext CAMEL = new DefaultCamelContext();

    private final Searches searches =
            new Searches(null, new Multipart(List.of()), new SearchTimes(new SimpleMeterRegistry()));

    @BeforeAll
    static void start() {
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    private Searches.Query read(String contentType, byte[] body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, contentType);
        return searches.read(exchange);
    }

    private Searches.Query json(String json) {
        return read("application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWordsWithWhatGoesWithThem() {
        Searches.Query query = json("{\"text\":\"red mug\",\"limit\":3,\"min_score\":0.25}");
        assertThat(query.text()).isEqualTo("red mug");
        assertThat(query.limit()).isEqualTo(3);
        assertThat(query.minScore()).isEqualTo(0.25f);
        assertThat(json("{\"text\":\"null\"}").text()).isEqualTo("null");
        assertThat(json("{\"text\":\"'x'\",\"limit\":null}").limit()).isEqualTo(10);
    }

    @Test
    void needsNoContentTypeAndMindsNoByteOrderMark() {
        byte[] words = "\uFEFF{\"text\":\"grün\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(read(null, words).text()).isEqualTo("grün");
        assertThat(read("", words).text()).isEqualTo("grün");
        assertThat(read("Application/JSON; charset=utf-8", words).text()).isEqualTo("grün");
        byte[] latin = "{\"text\":\"grün\"}".getBytes(Charset.forName("ISO-8859-1"));
        assertThat(read("application/json; charset=\"iso-8859-1\"", latin).text())
                .isEqualTo("grün");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|text",
                "{\"text\":null}|text",
                "{\"text\":5}|text",
                "{\"text\":\" \"}|text",
                "{\"text\":\"\\ud800\"}|text",
                "{\"text\":\"x\",\"limit\":0}|limit",
                "{\"text\":\"x\",\"limit\":1001}|limit",
                "{\"text\":\"x\",\"limit\":1.5}|limit",
                "{\"text\":\"x\",\"limit\":1e999}|limit",
                "{\"text\":\"x\",\"limit\":\"3\"}|limit",
                "{\"text\":\"x\",\"limit\":[3]}|limit",
                "{\"text\":\"x\",\"min_score\":2}|min_score",
                "{\"text\":\"x\",\"min_score\":-1e999}|min_score",
                "{\"text\":\"x\",\"min_score\":true}|min_score",
                "{\"text\":\"x\",\"limt\":3}|limt",
                "{\"text\":\"x\",\"text_weight\":0}|text_weight",
                "{\"text\":\"x\",\"text_weight\":101}|text_weight",
                "{\"text\":\"x\",\"text_weight\":-1e999}|text_weight",
                "{\"text\":\"x\",\"text_weight\":\"1\"}|text_weight",
                "{\"products\":[\"a\"],\"text_weight\":1}|text_weight",
                "{\"products\":[]}|text",
                "{\"products\":\"a\"}|products",
                "{\"products\":[1]}|products",
                "{\"products\":[{\"weight\":1}]}|products",
                "{\"products\":[{\"product_id\":\"a\",\"weigth\":1}]}|products",
                "{\"products\":[{\"product_id\":\"a\",\"weight\":1e-999}]}|products"
            })
    void namesTheMemberAtFault(String json, String member) {
        assertThatThrownBy(() -> json(json)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.status()).isEqualTo(400);
            assertThat(e.errors().get(0).field()).isEqualTo(member);
        });
    }

    @Test
    void suggestsTheMemberThatWasMeantAndNamesNoClass() {
        assertThatThrownBy(() -> json("{\"text\":\"x\",\"limt\":3}"))
                .hasMessageContaining("did you mean \"limit\"?")
                .hasMessageNotContaining("vitrine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[1]", "\"text\"", "{bad", "{} {}", "", "NaN"})
    void refusesABodyThatIsNoObject(String json) {
        assertThatThrownBy(() -> json(json))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageContaining("red mug");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/json-patch",
                "application/json;charset=bogus"
            })
    void refusesOtherMediaTypesWithAdviceAboutSearch(String type) {
        assertThatThrownBy(() -> read(type, "{\"text\":\"x\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(415))
                .hasMessageContaining("JSON");
    }

    @Test
    void readsExamplesWithTheirWeights() {
        Searches.Query query = json(
                "{\"text\":\"red\",\"text_weight\":0.5,\"products\":[\"a\",{\"product_id\":\"b/2\",\"weight\":-2}]}");
        assertThat(query.text()).isNull();
        assertThat(query.examples())
                .containsExactly(Example.ofText("red", 0.5), Example.ofProduct("a", 1), Example.ofProduct("b/2", -2));
        assertThat(query.exampleProducts()).containsExactlyInAnyOrder("a", "b/2");
        assertThat(json("{\"products\":[\"a\"]}").examples()).hasSize(1);
        assertThat(json("{\"text\":\"red\",\"text_weight\":2}").text()).isEqualTo("red");
        assertThat(json("{\"text\":\"red\",\"text_weight\":-1}").examples()).containsExactly(Example.ofText("red", -1));
    }

    @Test
    void namesEverythingThatIsWrongWithTheExamples() {
        assertThatThrownBy(() ->
                        json("{\"text\":5,\"text_weight\":0,\"products\":[1,{\"product_id\":\"a\",\"weigth\":1}]}"))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.errors())
                        .extracting(ProblemException.FieldError::field)
                        .containsExactly("text_weight", "text", "products", "products"));
        String many = "{\"products\":[" + "\"a\",".repeat(32) + "\"a\"]}";
        assertThatThrownBy(() -> json(many))
                .hasMessageContaining("products: are too many")
                .hasMessageContaining("32");
    }
}
