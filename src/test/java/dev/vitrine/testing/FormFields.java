package dev.vitrine.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code multipart/form-data} body as a test sent it (RFC 7578). */
final class FormFields {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
    private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"([^\"]*)\"");

    private static final int LARGE_BYTES = 64 * 1024;

    /** A part; {@code file} says whether it has a file's name, and then its value is empty where it is large. */
    record Field(String name, boolean file, String value) {}

    private FormFields() {}

    /**
     * The parts, in their order.
     *
     * @throws IllegalArgumentException where it is no such body
     */
    static List<Field> read(String contentType, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new IllegalArgumentException("there is no boundary in " + contentType);
        }
        byte[] first = latin("--" + boundary.group(1));
        byte[] delimiter = latin("\r\n--" + boundary.group(1));
        int start = first.length;
        if (find(first, body, 0) != 0) {
            throw new IllegalArgumentException("the form does not begin with its boundary");
        }
        List<Field> fields = new ArrayList<>();
        for (int end = find(delimiter, body, start); end >= 0; end = find(delimiter, body, start)) {
            fields.add(field(body, start, end));
            start = end + delimiter.length;
        }
        if (find(latin("--"), body, start) != start) {
            throw new IllegalArgumentException("the form has no end");
        }
        return fields;
    }

    private static Field field(byte[] body, int start, int end) {
        int head = find(latin("\r\n\r\n"), body, start);
        String fields = head < 0 || head > end ? "" : utf8(body, start, head);
        Matcher name = NAME.matcher(fields);
        if (!name.find()) {
            throw new IllegalArgumentException("a part has no name");
        }
        boolean file = fields.toLowerCase(Locale.ROOT).contains("filename=");
        boolean large = file && end - head > LARGE_BYTES;
        return new Field(name.group(1), file, large ? "" : utf8(body, head + 4, end));
    }

    /** Where bytes are next, or -1. */
    private static int find(byte[] what, byte[] body, int from) {
        for (int at = from; at <= body.length - what.length; at++) {
            if (body[at] == what[0] && Arrays.equals(body, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    private static String utf8(byte[] body, int start, int end) {
        return new String(body, start, end - start, StandardCharsets.UTF_8);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
