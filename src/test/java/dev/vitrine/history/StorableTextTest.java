package dev.vitrine.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StorableTextTest {
    @Test
    void keepsWhatEveryDatabaseTakes() {
        assertThat(StorableText.of(null, 5)).isNull();
        assertThat(StorableText.of("Größe 😀", 20)).isEqualTo("Größe 😀");
        assertThat(StorableText.of("a\0b", 5)).isEqualTo("ab");
        assertThat(StorableText.of("a\uD83Db\uDE00", 5)).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void cutsWhatIsTooLongBetweenCharacters() {
        assertThat(StorableText.of("abc", 3)).isEqualTo("abc");
        assertThat(StorableText.of("abcd", 3)).isEqualTo("ab…");
        assertThat(StorableText.of("ab😀", 3)).isEqualTo("ab…");
        assertThat(StorableText.of("x".repeat(1_000_000), 8_000)).hasSize(8_000).endsWith("…");
    }
}
