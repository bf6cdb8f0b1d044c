package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The lines of an export. */
class PointLinesTest {
    private static final PointLines.Head HEAD = new PointLines.Head(SPACE, true);

    @Test
    void aPointComesBackAsItWas() throws IOException {
        Product lamp = product("a/b ü", "front", 1_771_000_000_123L, Map.of("n", 12.5, "big", 9_007_199_254_740_993L));
        StoredPoint point = new StoredPoint(PointIds.of("a/b ü", "front").toString(), lamp, vector(3));

        StoredPoint back = PointLines.read(json(PointLines.point(point)), HEAD);
        assertThat(back.id()).isEqualTo(point.id());
        assertThat(back.product()).isEqualTo(lamp);
        assertThat(back.vector()).containsExactly(vector(3), org.assertj.core.data.Offset.offset(1e-6f));
    }

    @Test
    void theHeadAndTheEndSayWhatTheyAre() throws IOException {
        JsonNode head = json(PointLines.head(HEAD));
        assertThat(PointLines.readHead(head)).contains(HEAD);
        assertThat(PointLines.readEnd(json(PointLines.end(7)))).contains(7L);
        assertThat(PointLines.readHead(json("{\"product_id\":\"x\"}"))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PointLines.readHead(((ObjectNode) head).put("vitrine_export", 2)))
                .withMessageContaining("upgrade");
    }

    @Test
    void anotherModelsExportIsRefusedWithBothNames() {
        assertThatThrownBy(() -> HEAD.admit(new VectorSpace("other-clip", "b".repeat(64), SPACE.dimensions())))
                .isInstanceOf(VectorSpaceMismatchException.class)
                .hasMessageContaining("sample-clip")
                .hasMessageContaining("other-clip");
        HEAD.admit(SPACE);
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        ObjectNode line =
                (ObjectNode) json(PointLines.point(new StoredPoint("", product("lamp", "main", 1), vector(1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PointLines.read(line.deepCopy().without("name"), HEAD))
                .withMessageContaining("name");
        ObjectNode shorter = line.deepCopy();
        shorter.withArray("vector").remove(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PointLines.read(shorter, HEAD))
                .withMessageContaining("vector has 7 numbers");
        ObjectNode noNumber = line.deepCopy();
        noNumber.withArray("vector").set(0, "x");
        assertThatIllegalArgumentException().isThrownBy(() -> PointLines.read(noNumber, HEAD));
    }

    private static JsonNode json(byte[] line) throws IOException {
        return new ObjectMapper().readTree(line);
    }

    private static JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}
