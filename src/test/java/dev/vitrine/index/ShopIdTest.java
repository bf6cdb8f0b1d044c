package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShopIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gid://shopify/Product/1",
                "AB 12/3",
                "Größe 38",
                "100%",
                "a+b",
                "a%2Fb",
                "?#;&=",
                "\\",
                "\"'`",
                "...",
                "null",
                "مقاس ٣٨",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "a\u202Eb"
            })
    void whatShopsHaveIsAnId(String id) {
        assertThat(ShopId.normal(id)).isEqualTo(id);
        assertThat(ShopId.fault(id)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``| is empty",
                "` a`| a space",
                "`a\u00A0`| a space",
                "`a\n`| a space",
                "`a\tb`| (U+0009)",
                "`a\u0085b`| (U+0085)",
                "`a\u007F`| (U+007F)",
                "`a\uFFFD`| wrong charset",
                "`.`| no path can name",
                "`..`| no path can name"
            })
    void whatIsNoneIsRefusedWithItsReason(String text, String reason) {
        assertThat(ShopId.fault(text))
                .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
    }

    @Test
    void halfASurrogatePairAndNulAreRefused() {
        assertThat(ShopId.fault("a\uD83D"))
                .hasValueSatisfying(fault -> assertThat(fault).contains("surrogate"));
        assertThat(ShopId.fault("a\0b"))
                .hasValueSatisfying(fault -> assertThat(fault).contains("NUL"));
    }

    @Test
    void charactersAreCountedAsPeopleOfUnicodeDoAndInNormalForm() {
        assertThat(ShopId.fault("\uD83D\uDE00".repeat(256))).isEmpty();
        assertThat(ShopId.fault("\uD83D\uDE00".repeat(257))).isPresent();
        assertThat(ShopId.fault(ShopId.normal("e\u0301".repeat(256)))).isEmpty();
        assertThat(ShopId.fault(ShopId.normal("x".repeat(60_000)))).isPresent();
        assertThat(ShopId.fault(ShopId.normal("\u0344".repeat(60_000)))).isPresent();
    }

    @Test
    void accentsThatAreTypedApartMakeTheSameId() {
        assertThat(ShopId.normal("Gro\u0308\u00DFe")).isEqualTo("Gr\u00F6\u00DFe");
    }

    @Test
    void tenThousandRandomTextsHaveOneNormalFormEachThatStaysAsItIs() {
        Random random = new Random(14);
        for (int i = 0; i < 10_000; i++) {
            String text = random.ints(1 + random.nextInt(i % 100 == 0 ? 600 : 12), 0, 0x20000)
                    .filter(point -> point < 0xD800 || point > 0xDFFF)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();

            String id = ShopId.normal(text);

            assertThat(ShopId.normal(id)).isEqualTo(id);
            assertThat(ShopId.isOne(id) && id.codePointCount(0, id.length()) > 256)
                    .isFalse();
        }
    }
}
