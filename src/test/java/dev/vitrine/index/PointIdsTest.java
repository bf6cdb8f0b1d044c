package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PointIdsTest {

    @Test
    void isTheUuid5ThatOtherLanguagesMake() {
        assertThat(PointIds.of("sku-42", "main")).hasToString("a7543dc6-ddbc-5487-949d-c07fd0fc6f4e");
        assertThat(PointIds.of("größe:ü", "東京")).hasToString("edb96851-e61a-566f-9477-9a098e02a590");
    }

    @Test
    void keepsPairsApartThatJoinToOneText() {
        assertThat(PointIds.of("ab", "c")).isNotEqualTo(PointIds.of("a", "bc"));
        assertThat(PointIds.of("a", "")).isNotEqualTo(PointIds.of("", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> PointIds.of("a\0b", "c"));
    }
}
