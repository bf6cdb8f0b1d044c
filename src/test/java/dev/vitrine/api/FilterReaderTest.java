package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.http.ProblemException;
import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.index.FieldPath;
import dev.vitrine.index.Filter;
import dev.vitrine.index.Filter.AnyOf;
import dev.vitrine.index.Filter.Bound;
import dev.vitrine.index.Filter.Exists;
import dev.vitrine.index.Filter.Not;
import dev.vitrine.index.Filter.Range;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterReaderTest {

    private static Filter read(String json) {
        return FilterReader.read(json).orElseThrow();
    }

    private static AnyOf equal(String field, Object... values) {
        return new AnyOf(FieldPath.of(field), List.of(values));
    }

    @Test
    void readsEachCondition() {
        assertThat(read("{\"brand\":\"Nike\"}")).isEqualTo(equal("brand", "Nike"));
        assertThat(read("{\"sold\":false}")).isEqualTo(equal("sold", false));
        assertThat(read("{\"size\":{\"any\":[\"38\",39,true]}}")).isEqualTo(equal("size", "38", 39L, true));
        assertThat(read("{\"price\":{\"gte\":10,\"lt\":50.5}}"))
                .isEqualTo(new Range(FieldPath.of("price"), new Bound(10, true), new Bound(50.5, false)));
        assertThat(read("{\"price\":{\"gt\":0}}"))
                .isEqualTo(new Range(FieldPath.of("price"), new Bound(0, false), null));
        assertThat(read("{\"ean\":{\"exists\":true}}")).isEqualTo(new Exists(FieldPath.of("ean")));
        assertThat(read("{\"ean\":{\"exists\":false}}")).isEqualTo(new Not(new Exists(FieldPath.of("ean"))));
        assertThat(read("{\"not\":{\"brand\":\"Nike\"}}")).isEqualTo(new Not(equal("brand", "Nike")));
        assertThat(read("{\"and\":[{\"a\":1},{\"b\":2}]}"))
                .isEqualTo(new Filter.And(List.of(equal("a", 1L), equal("b", 2L))));
        assertThat(read("{\"or\":[{\"a\":1},{\"b\":2}]}"))
                .isEqualTo(new Filter.Or(List.of(equal("a", 1L), equal("b", 2L))));
    }

    @Test
    void severalMembersMustAllBeMet() {
        assertThat(read("{\"a\":1,\"or\":[{\"b\":2}]}"))
                .isEqualTo(new Filter.And(List.of(equal("a", 1L), new Filter.Or(List.of(equal("b", 2L))))));
        assertThat(read("{\"a\":{\"any\":[1],\"gt\":0}}"))
                .isEqualTo(new Filter.And(
                        List.of(equal("a", 1L), new Range(FieldPath.of("a"), new Bound(0, false), null))));
    }

    @Test
    void aNameWithQuotesIsOneKeyAndADotLeadsIntoAnObject() {
        assertThat(((AnyOf) read("{\"size.eu\":1}")).field().keys()).containsExactly("size", "eu");
        assertThat(((AnyOf) read("{\"\\\"size.eu\\\"\":1}")).field().keys()).containsExactly("size.eu");
        assertThat(((AnyOf) read("{\"\\\"not\\\"\":\"x\"}")).field().keys()).containsExactly("not");
        assertThat(((AnyOf) read("{\"a.\\\"b.c\\\".größe m\":1}")).field().keys())
                .containsExactly("a", "b.c", "größe m");
    }

    @Test
    void numbersAreReadExactly() {
        assertThat(((AnyOf) read("{\"a\":{\"any\":[9007199254740993,12.0,1.2e1,-0.0,12.5,9223372036854775807]}}"))
                        .values())
                .containsExactly(9007199254740993L, 12L, 0L, 12.5, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "null"})
    void everythingMeetsNoFilter(String text) {
        assertThat(FilterReader.read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1]|is no filter",
                "{bad|is not JSON",
                "{\"a\":1,\"a\":2}|is not JSON: Duplicate field",
                "{\"a\":NaN}|is not JSON",
                "{\"a\":null}|/a cannot equal null; write {\"exists\":false}",
                "{\"a\":[1]}|/a is an array; write {\"any\":",
                "{\"a\":{}}|/a is empty; the conditions are any, gt",
                "{\"a\":{\"anny\":[1]}}|/a/anny is no condition; did you mean \"any\"?",
                "{\"a\":{\"$in\":[1]}}|/a/$in is no condition; write {\"any\":",
                "{\"a\":{\"eq\":1}}|/a/eq is no condition; write the value itself",
                "{\"a\":{\"height\":{\"lt\":1}}}|a field in an object is written \"a.height\"",
                "{\"a\":{\"any\":[]}}|/a/any takes an array of values",
                "{\"a\":{\"any\":[1,null]}}|/a/any/1 is no text, number or boolean",
                "{\"a\":{\"gte\":\"10\"}}|/a/gte must be a number, without quotes",
                "{\"a\":{\"gte\":1e16}}|/a/gte must lie within ±9007199254740991",
                "{\"a\":{\"gt\":1,\"gte\":1}}|/a holds two bounds of one side",
                "{\"a\":{\"exists\":1}}|/a/exists must be true or false",
                "{\"a\":1e300}|/a has more than 64 bits",
                "{\"a\":1e999999999}|/a has more than 64 bits",
                "{\"a\":9223372036854775808}|/a has more than 64 bits",
                "{\"a\":\"\\ud800\"}|/a is not valid Unicode",
                "{\"and\":[]}|/and takes an array of filters",
                "{\"not\":\"x\"}|a field of this name is written \"\\\"not\\\"\"",
                "{\"AND\":[{\"a\":1}]}|/AND holds an array; did you mean \"and\"?",
                "{\"or\":[{\"a\":1},{}]}|/or/1 is empty",
                "{\"a..b\":1}|/a..b is no name of a field",
                "{\"a/b.\":1}|/a~1b. is no name of a field",
                "{\"\":1}|/ is no name of a field",
            })
    void saysWhereAndWhatIsWrongAndWhatToWrite(String json, String message) {
        assertThatThrownBy(() -> FilterReader.read(json)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.status()).isEqualTo(400);
            assertThat(e.errors()).extracting(FieldError::field).containsOnly("filter");
            assertThat(e.getMessage()).contains(message);
        });
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> FilterReader.read("{\"a\":null,\"b\":{\"gte\":\"1\",\"x\":2},\"c\":1}"))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.errors())
                        .extracting(error -> error.detail().split(" ")[0])
                        .containsExactly("/a", "/b/x", "/b/gte"));
    }

    @Test
    void depthAndSizeAreBounded() {
        assertThatThrownBy(() -> read("{\"not\":".repeat(17) + "{\"a\":1}" + "}".repeat(17)))
                .hasMessageContaining("deeper than 16");
        assertThatThrownBy(() -> read("{\"not\":".repeat(4_000) + "1" + "}".repeat(4_000)))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> read("{\"or\":[" + "{\"a\":1},".repeat(150) + "{\"a\":1}]}"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.errors()).hasSize(1))
                .hasMessageContaining("/or/100/a is one field too many");
        assertThatThrownBy(() -> read("{\"a\":{\"any\":[" + "1,".repeat(1_000) + "1]}}"))
                .hasMessageContaining("/a/any/1000 is one value too many");
        assertThatThrownBy(() -> read("{\"a\":\"" + "x".repeat(40_000) + "\"}")).hasMessageContaining("is longer than");
    }
}
