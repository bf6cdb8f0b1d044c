package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PointIdsTest {

    @Test
    void isTheUuid5ThatOtherLanguagesMake() {
        assertThat(PointIds.of("sku-42", "main")).hasToString("a7543dc6-ddbc-5487-949d-c07fd0fc6f4e");
        assertThat(PointIds.of("größe:ü", "東京")).hasToString("edb96851-e61a-566f-9477-9a098e02a590");
        assertThat(PointIds.of("SKU-1.a_b:42", "back")).hasToString("af0942e5-4755-5214-822e-2828e7f16af2");
        assertThat(PointIds.of("gid://shopify/Product/1", "main")).hasToString("ea7ce40b-b235-5c08-b764-8d617be0ab16");
        assertThat(PointIds.of("AB 12/3", "a/b")).hasToString("598b44a5-0200-5286-8414-d76bc5bc4a26");
    }

    @Test
    void keepsPairsApartThatJoinToOneText() {
        assertThat(PointIds.of("ab", "c")).isNotEqualTo(PointIds.of("a", "bc"));
        assertThat(PointIds.of("a", "")).isNotEqualTo(PointIds.of("", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> PointIds.of("a\0b", "c"));
    }
}
