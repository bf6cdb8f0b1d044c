package dev.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.image.Preprocessing.Filter;
import dev.vitrine.image.Preprocessing.Resize;
import dev.vitrine.image.Preprocessing.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {

    @TempDir
    Path folder;

    private Preprocessing read(String json) throws IOException {
        return Preprocessing.read(Files.writeString(folder.resolve("preprocessor_config.json"), json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'feature_extractor_type':'CLIPFeatureExtractor','size':224,'crop_size':224,'resample':3}",
                "{'image_processor_type':'CLIPImageProcessor','size':{'shortest_edge':224},"
                        + "'crop_size':{'height':224,'width':224},'do_center_crop':true,'do_convert_rgb':true,"
                        + "'do_normalize':true,'do_rescale':true,'do_resize':true,'resample':3,"
                        + "'rescale_factor':0.00392156862745098,"
                        + "'image_mean':[0.48145466,0.4578275,0.40821073],'image_std':[0.26862954,0.26130258,0.27577711]}"
            })
    void readsClipInEveryWayItIsWritten(String json) throws IOException {
        assertThat(read(json.replace('\'', '"'))).isEqualTo(Preprocessing.clip());
    }

    @Test
    void readsAModelThatSquashesToASquare() throws IOException {
        Preprocessing read =
                read("{\"image_processor_type\":\"SiglipImageProcessor\",\"size\":{\"height\":256,\"width\":192},"
                        + "\"resample\":2,\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.5,0.5,0.5]}");
        assertThat(read)
                .isEqualTo(new Preprocessing(
                        new Resize(new Size(192, 256), false),
                        Filter.BILINEAR,
                        null,
                        1 / 255.0,
                        List.of(0.5, 0.5, 0.5),
                        List.of(0.5, 0.5, 0.5)));
        assertThat(read.output()).isEqualTo(new Size(192, 256));
        Pixels squashed = new Preprocessor(read).resize(new Pixels(2, 2, new byte[12]));
        assertThat(squashed.width()).isEqualTo(192);
        assertThat(squashed.height()).isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'resample':1} | resample 1; supported are 0 (nearest), 2 (bilinear) and 3 (bicubic)",
                "{'size':{'longest_edge':224}} | size {\"longest_edge\":224} is not supported",
                "{'do_center_crop':false} | Pictures would differ in size",
                "{'image_mean':[0.5]} | image_mean must be 3 numbers",
                "{'image_std':[1,0,1]} | must not contain 0",
                "{'crop_pct':0.9} | crop_pct",
                "{'crop_size':'large'} | crop_size must be a whole number",
                "{'size':99999} | outside 1 to 4096",
                "[] | is not a JSON object"
            })
    void refusesWhatItCannotDoByName(String json, String message) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("preprocessor_config.json");
    }

    @Test
    void hasAStableCanonicalForm() throws IOException {
        assertThat(Preprocessing.clip().canonical())
                .isEqualTo("rgb|resize=short:224x224|filter=pillow-bicubic|crop=224x224|rescale=0.00392156862745098"
                        + "|mean=0.48145466,0.4578275,0.40821073|std=0.26862954,0.26130258,0.27577711");
        assertThat(read("{\"resample\":2}").canonical())
                .isNotEqualTo(Preprocessing.clip().canonical());
    }

    @Test
    void padsWithBlackWhereThePictureIsSmallerThanTheCrop() {
        Preprocessing clip = Preprocessing.clip();
        Preprocessing cropOnly = new Preprocessing(null, Filter.BICUBIC, new Size(5, 4), 1, clip.mean(), clip.std());
        byte[] white = new byte[3 * 2 * 7];
        java.util.Arrays.fill(white, (byte) 255);
        Pixels padded = new Preprocessor(cropOnly).resize(new Pixels(2, 7, white));
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 5; x++) {
                // Hugging Face pads ceil((5 - 2) / 2) = 2 columns on the left.
                assertThat(padded.rgb()[3 * (y * 5 + x)] & 0xff).isEqualTo(x == 2 || x == 3 ? 255 : 0);
            }
        }
    }
}
