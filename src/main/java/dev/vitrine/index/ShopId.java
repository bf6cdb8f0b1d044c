package dev.vitrine.index;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Optional;

/**
 * The shop's own id of a product or of one of its pictures, such as {@code gid://shopify/Product/1} or {@code Größe 38}: any
 * text of 1 to 256 characters of Unicode (code points), without control characters and without spaces at its ends. It is kept
 * in normal form C, so that an id is the same one however a system writes its accents. Two that differ in case are two.
 */
public final class ShopId {

    /** Code points, in normal form. */
    public static final int MAX_CHARS = 256;

    /** No text that is longer has a normal form that is short enough: a code point decomposes into at most four. */
    private static final int MAX_SENT_CHARS = 4 * MAX_CHARS;

    private static final char UNREADABLE = '\uFFFD';

    private ShopId() {}

    /** The form of an id that is kept and compared, to be made once, where the id comes in; null stays null. */
    public static String normal(String sent) {
        return sent == null || length(sent) > MAX_SENT_CHARS ? sent : Normalizer.normalize(sent, Form.NFC);
    }

    /** Whether a text in normal form is an id. */
    public static boolean isOne(String id) {
        return fault(id).isEmpty();
    }

    /** Why a text in normal form cannot be an id, and what to do, to be read after its name; empty where it can. */
    public static Optional<String> fault(String id) {
        if (id.isEmpty()) {
            return Optional.of("is empty; an id has 1 to " + MAX_CHARS + " characters");
        }
        if (length(id) > MAX_CHARS) {
            return Optional.of("has " + length(id) + " characters; an id has 1 to " + MAX_CHARS);
        }
        Optional<String> fault = UnicodeText.fault(id);
        if (fault.isPresent()) {
            return fault;
        }
        if (isSpace(id.codePointAt(0)) || isSpace(id.codePointBefore(id.length()))) {
            return Optional.of("begins or ends with a space; send it without");
        }
        int control =
                id.codePoints().filter(Character::isISOControl).findFirst().orElse(-1);
        if (control >= 0) {
            return Optional.of("holds a control character (U+%04X); send it without".formatted(control));
        }
        if (id.indexOf(UNREADABLE) >= 0) {
            return Optional.of("holds U+FFFD, which stands for text that was read in a wrong charset; send UTF-8");
        }
        if (id.equals(".") || id.equals("..")) {
            return Optional.of("is \"" + id + "\", which no path can name; send another id");
        }
        return Optional.empty();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isSpace(int point) {
        return Character.isWhitespace(point) || Character.isSpaceChar(point);
    }
}
