package dev.vitrine.index;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The one rule for text that is to be indexed, wherever it stands: the edge asks it, and so does every index. */
public final class UnicodeText {
    private UnicodeText() {}

    /**
     * Why a text cannot be kept, to be read after its name; empty where it can. Half a surrogate pair has no UTF-8, so no
     * index could give it back, and NUL is what databases and C programs refuse or stop at.
     */
    public static Optional<String> fault(String text) {
        if (text.indexOf('\0') >= 0) {
            return Optional.of("holds a NUL character");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Optional.of(
                    "is not valid Unicode: half of a surrogate pair stands alone, as where a text is cut in the"
                            + " middle of an emoji");
        }
        return Optional.empty();
    }
}
