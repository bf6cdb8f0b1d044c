package dev.vitrine.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code multipart/form-data} body as a test sent it (RFC 7578). */
final class FormFields {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
    private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"([^\"]*)\"");

    /** A part; {@code file} says whether it has a file's name. */
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
        String delimiter = "--" + boundary.group(1);
        String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
        String[] parts = text.split(Pattern.quote("\r\n" + delimiter), -1);
        if (parts.length < 2 || !parts[parts.length - 1].startsWith("--")) {
            throw new IllegalArgumentException("the form has no end");
        }
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < parts.length - 1; i++) {
            fields.add(field(parts[i]));
        }
        return fields;
    }

    private static Field field(String part) {
        int head = part.indexOf("\r\n\r\n");
        Matcher name = NAME.matcher(head < 0 ? "" : part.substring(0, head));
        if (!name.find()) {
            throw new IllegalArgumentException("a part has no name");
        }
        boolean file = part.substring(0, head).toLowerCase().contains("filename=");
        return new Field(utf8(name.group(1)), file, utf8(part.substring(head + 4)));
    }

    private static String utf8(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
