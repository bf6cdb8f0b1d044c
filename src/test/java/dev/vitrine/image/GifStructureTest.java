package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GifStructureTest {

    @Test
    void theReaderIsHandedNoMoreDataThanThePixelsCanNeed() throws Exception {
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        gif.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
        gif.writeBytes(HexFormat.of().parseHex("01000100800000" + "000000ffffff" + "2c000000000100010000" + "08"));
        byte[] block = new byte[256];
        block[0] = (byte) 255;
        for (int i = 0; i < 4_000; i++) {
            gif.writeBytes(block);
        }
        gif.writeBytes(new byte[] {0, 0x3b});
        GifStructure structure = new GifStructure(PictureBytes.of(gif.toByteArray()));
        structure.size();

        assertThat(structure.firstFrame(gif.toByteArray())).hasSizeLessThan(1_400);
    }
}
