package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vitrine.index.FilterField.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterFieldTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "brand, brand, ",
                "brand:keyword, brand, KEYWORD",
                "price:number, price, NUMBER",
                "price : Float, price, NUMBER",
                "price:integer, price, NUMBER",
                "size.eu:bool, size.eu, BOOL",
                "\"size.eu\":keyword, \"size.eu\", KEYWORD",
                "\"gtin:ean\", gtin:ean, ",
                "\"gtin:ean\":number, gtin:ean, NUMBER",
            })
    void isReadAsItIsWritten(String text, String path, Kind kind) {
        FilterField field = FilterField.of(text);
        assertThat(field.path()).hasToString(path);
        assertThat(field.kind()).isEqualTo(Optional.ofNullable(kind));
    }

    @Test
    void anUnknownTypeAndAFieldThatStandsThereTwiceAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterField.all(List.of("brand", "price:money")))
                .withMessageContaining("'price:money'")
                .withMessageContaining("name:number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterField.all(List.of("price", "price:number")))
                .withMessageContaining("price twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterField.all(List.of("a..b:bool")))
                .withMessageContaining("is no name of a field");
    }
}
