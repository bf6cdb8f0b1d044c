package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEncoderTest {

    private static final long START = 159;
    private static final long END = 160;

    @TempDir
    private Path temp;

    @Test
    void givesAUnitVectorThatDependsOnTheText() {
        try (TextEncoder encoder = open(TinyClip.folder())) {
            float[] red = encoder.embed("a red shoe");
            assertThat(red).hasSize(512);
            assertThat(dot(red, red)).isEqualTo(1, within(1e-5));
            assertThat(encoder.embed("a red shoe")).containsExactly(red);
            assertThat(dot(red, encoder.embed("a blue mug"))).isLessThan(0.9);
        }
    }

    @Test
    void marksStartAndEndAndIgnoresCase() {
        try (TextEncoder encoder = open(TinyClip.folder())) {
            long[] tokens = encoder.tokens("A RED shoe");
            assertThat(tokens).containsExactly(encoder.tokens("a red shoe")).hasSize(5);
            assertThat(tokens[0]).isEqualTo(START);
            assertThat(tokens[4]).isEqualTo(END);
        }
    }

    @Test
    void cutsALongTextAndKeepsItsEnd() {
        try (TextEncoder encoder = open(TinyClip.folder())) {
            long[] tokens = encoder.tokens("a red shoe ".repeat(100));
            assertThat(tokens).hasSize(77).startsWith(START).endsWith(END);
            assertThat(encoder.embed("a red shoe ".repeat(100))).hasSize(512);
        }
    }

    @Test
    void takesAnyText() {
        try (TextEncoder encoder = open(TinyClip.folder())) {
            for (String text : new String[] {"", " ", "\u0000", "\ud83d\udc5f", "\u9774", "\ud800", "a\nb\tc"}) {
                assertThat(encoder.embed(text)).hasSize(512);
            }
        }
    }

    @Test
    void takesTheContextLengthFromTheConfiguration() throws IOException {
        Path model = TinyClip.copyTo(temp.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{\"text_config\": {\"max_position_embeddings\": 12}}");
        try (TextEncoder encoder = open(model)) {
            assertThat(encoder.contextLength()).isEqualTo(12);
            assertThat(encoder.tokens("a red shoe ".repeat(100))).hasSize(12);
        }
    }

    @Test
    void aLengthThatTheModelFixesCountsMoreThanTheConfiguration() {
        try (TextEncoder encoder = masked(TinyClip.folder())) {
            assertThat(encoder.contextLength()).isEqualTo(16);
            assertThat(encoder.embed("a red shoe ".repeat(100))).hasSize(512);
        }
    }

    @Test
    void givesAnAttentionMaskWhereTheModelAsksForOne() {
        try (TextEncoder plain = open(TinyClip.folder());
                TextEncoder masked = masked(TinyClip.folder())) {
            assertThat(masked.embed("a red shoe")).containsExactly(plain.embed("a red shoe"), offset(1e-5f));
        }
    }

    @Test
    void theMaskHidesThePadding() throws IOException {
        Path model = TinyClip.copyTo(temp.resolve("model"));
        long red;
        try (TextEncoder encoder = open(model)) {
            red = encoder.tokens("red")[1];
        }
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"pad_token\": \"red</w>\"}");
        try (TextEncoder plain = open(TinyClip.folder());
                TextEncoder padsRed = open(model);
                TextEncoder padsRedButMasked = masked(model)) {
            assertThat(padsRed.padding()).isEqualTo(red);
            float[] blue = plain.embed("blue");
            assertThat(padsRedButMasked.embed("blue")).containsExactly(blue, offset(1e-5f));
            assertThat(dot(blue, padsRed.embed("blue"))).isLessThan(0.5);
        }
    }

    @Test
    void padsWithTheEndOfTextUnlessToldOtherwise() throws IOException {
        try (TextEncoder encoder = open(TinyClip.folder())) {
            assertThat(encoder.padding()).isEqualTo(END);
        }
        Path model = TinyClip.copyTo(temp.resolve("model"));
        Path tokenizer = model.resolve("tokenizer.json");
        String json = Files.readString(tokenizer);
        assertThat(json).contains("\"padding\":null");
        Files.writeString(
                tokenizer,
                json.replace(
                        "\"padding\":null",
                        "\"padding\":{\"strategy\":\"BatchLongest\",\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":7,\"pad_type_id\":0,\"pad_token\":\"h\"}"));
        try (TextEncoder encoder = open(model)) {
            assertThat(encoder.padding()).isEqualTo(7);
        }
    }

    @Test
    void refusesAnImageTower() {
        assertThatThrownBy(() -> open(TinyClip.folder(), TinyClip.folder().resolve("onnx/vision_model.onnx")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not a text tower");
    }

    @Test
    void refusesATokenizerThatIsNone() throws IOException {
        Path model = TinyClip.copyTo(temp.resolve("model"));
        Files.writeString(model.resolve("tokenizer.json"), "{\"model\": \"unheard of\"}");
        assertThatThrownBy(() -> open(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("tokenizer.json cannot be used");
    }

    @Test
    void refusesTextsAfterItIsClosed() {
        TextEncoder encoder = open(TinyClip.folder());
        encoder.close();
        assertThatThrownBy(() -> encoder.embed("red")).isInstanceOf(IllegalStateException.class);
    }

    private TextEncoder open(Path model) {
        return open(model, model.resolve("onnx/text_model.onnx"));
    }

    private TextEncoder masked(Path model) {
        return open(model, TinyClip.variant("text_masked.onnx"));
    }

    private TextEncoder open(Path model, Path textTower) {
        return TextEncoder.open(
                textTower,
                model.resolve("tokenizer.json"),
                Optional.of(model.resolve("config.json")),
                Device.CPU,
                Path.of("target/native"));
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }
}
