package dev.vitrine.history;

/** Text as every database takes it. */
final class StorableText {
    private StorableText() {}

    /**
     * Leaves out NUL, which PostgreSQL refuses, writes U+FFFD for half of a surrogate pair, and cuts what is too long.
     *
     * @param most UTF-16 units, so at most as many characters; what is cut ends in an ellipsis
     * @return null for null
     */
    static String of(String text, int most) {
        if (text == null) {
            return null;
        }
        StringBuilder kept = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point == 0) {
                continue;
            }
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                point = 0xFFFD;
            }
            int room = i < text.length() ? most - 1 : most;
            if (kept.length() + Character.charCount(point) > room) {
                return kept.append('…').toString();
            }
            kept.appendCodePoint(point);
        }
        return kept.toString();
    }
}
