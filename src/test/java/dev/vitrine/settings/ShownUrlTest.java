package dev.vitrine.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.Settings;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.VectorSpace;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No message says a password. */
class ShownUrlTest {
    @ParameterizedTest
    @CsvSource({
        "redis://:pa55@host:6379/1, redis://…@host:6379/1",
        "valkey://shop:pa55@w/rd@host, valkey://…@host",
        "shop:pa55@host, …@host",
        "jdbc:postgresql://u:pa55@host/db, jdbc:postgresql://…@host/db",
        "jdbc:postgresql://host/db?user=u&password=pa55&ssl=true, jdbc:postgresql://host/db?user=…&password=…&ssl=true",
        "http://host:6334, http://host:6334",
        "embedded, embedded"
    })
    void leavesOutWhoAndWithWhat(String url, String shown) {
        assertThat(ShownUrl.of(url)).isEqualTo(shown).doesNotContain("pa55");
    }

    @ParameterizedTest
    @CsvSource({
        "VITRINE_REDIS_URL, valkey://:pa55@host",
        "VITRINE_HISTORY_URL, postgresql://u:pa55@host/db",
        "VITRINE_QDRANT_URL, qdrant://u:pa55@host",
        "VITRINE_LOG, json:pa55@x"
    })
    void aWrongSettingIsShownWithoutItsPassword(String name, String value) {
        assertThatThrownBy(() -> Settings.load(Path.of("unused"), Map.of(name, value)))
                .hasMessageContaining(name)
                .hasMessageNotContaining("pa55");
    }

    @Test
    void soIsTheAddressOfAnIndex() {
        IndexSettings settings = new IndexSettings(
                "http://u:pa55@host:6334", "", "products", Path.of("unused"), IndexSettings.DEFAULT_DEADLINE);
        assertThatThrownBy(() -> ProductIndex.open(settings, new VectorSpace("tiny", "a".repeat(64), 2)))
                .hasMessageContaining("VITRINE_QDRANT_URL")
                .hasMessageNotContaining("pa55");
    }
}
