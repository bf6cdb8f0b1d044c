package dev.vitrine.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobKeyTest {

    @Test
    void whatWasAnIdOnceKeepsItsKeySoThatRememberedDeletionsHold() {
        String id = "SKU-1.a_b:42";

        assertThat(Job.productKey(null, id)).isEqualTo(id);
        assertThat(Job.productKey("summer", id)).isEqualTo("summer/" + id);
        assertThat(Job.pictureKey(Job.productKey("summer", id), "back")).isEqualTo("summer/" + id + "\0back");
    }

    @Test
    void aSlashInAnIdDoesNotReachIntoAnotherCollection() {
        assertThat(Job.productKey(null, "summer/mug")).isNotEqualTo(Job.productKey("summer", "mug"));
        assertThat(Job.productKey(null, "summer%2Fmug")).isNotEqualTo(Job.productKey(null, "summer/mug"));
        assertThat(Job.productKey(null, "summer%252Fmug")).isNotEqualTo(Job.productKey(null, "summer%2Fmug"));
    }

    @Test
    void noTwoOfTenThousandRandomPicturesShareAKey() {
        Random random = new Random(11);
        String alphabet = "aA/%2F5:. \u00e9\ud83d\ude00";
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String collection = random.nextBoolean() ? null : random.nextBoolean() ? "a" : "A2F";
            List<String> picture = Arrays.asList(collection, text(random, alphabet), text(random, alphabet));

            List<String> before =
                    seen.put(Job.pictureKey(Job.productKey(picture.get(0), picture.get(1)), picture.get(2)), picture);

            assertThat(before == null || before.equals(picture))
                    .as("%s and %s", before, picture)
                    .isTrue();
        }
    }

    private static String text(Random random, String alphabet) {
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }
}
