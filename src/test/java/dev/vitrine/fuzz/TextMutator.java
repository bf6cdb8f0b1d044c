package dev.vitrine.fuzz;

import dev.vitrine.testing.Mutator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages texts of a grammar, JSON, a form or a query: as {@link Mutator} does, and with pieces that mean something to
 * parsers, in place of others or between them. The same seed makes the same texts.
 */
final class TextMutator {
    private static final List<String> PIECES = List.of(
            "\"",
            "'",
            "\\",
            "\\u0000",
            "\\ud800",
            "\0",
            "\r\n",
            "\r\n\r\n",
            "\n",
            ";",
            ":",
            ",",
            "=",
            "&",
            "?",
            "#",
            "%",
            "%00",
            "%ff",
            "%2F",
            "%",
            "+",
            "..",
            "../",
            "/",
            "//",
            "{",
            "}",
            "[",
            "]",
            "{}",
            "[]",
            "null",
            "true",
            "NaN",
            "-0",
            "1e999",
            "-1e-999",
            "9223372036854775808",
            "0.1e1",
            "0x10",
            "\ufeff",
            "\u202e",
            "\ud83e\udde6",
            "é",
            "e\u0301",
            "\u00ff",
            "${body}",
            "${header.id}",
            "{{vitrine.url}}",
            "#{1+1}",
            "$simple{1}",
            "<script>",
            "--",
            "filter",
            "and",
            "or",
            "not",
            "exists",
            "any",
            "gte",
            "lt",
            "limit",
            "cursor",
            "text",
            "product_id",
            "image_id",
            "metadata",
            "image_file",
            "name",
            "Camel",
            "CamelHttpResponseCode",
            "filename*=UTF-8''x",
            "charset=utf-16",
            "Content-Type: application/json",
            "Content-Transfer-Encoding: base64",
            "Content-Length: 0",
            "Transfer-Encoding: chunked",
            "name=\"\"",
            "filename=\"\"",
            "[".repeat(2_000),
            "{\"not\":".repeat(200),
            "a".repeat(5_000),
            "\t",
            " ");

    private final Random random;
    private final Mutator bytes;

    TextMutator(long seed) {
        this.random = new Random(seed);
        this.bytes = new Mutator(seed);
    }

    byte[] mutate(byte[] text) {
        byte[] mutated = random.nextInt(4) == 0 ? bytes.mutate(text) : text.clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            mutated = change(mutated);
        }
        return mutated;
    }

    private byte[] change(byte[] text) {
        int at = random.nextInt(text.length + 1);
        int length = Math.min(text.length - at, random.nextBoolean() ? 0 : 1 + random.nextInt(12));
        byte[] piece =
                switch (random.nextInt(8)) {
                    case 0 -> new byte[0];
                    case 1 -> copy(text);
                    default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
                };
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(text, 0, at);
        changed.writeBytes(piece);
        changed.write(text, at + length, text.length - at - length);
        return changed.toByteArray();
    }

    /** A piece of the text itself, so that members, parts and lines come twice. */
    private byte[] copy(byte[] text) {
        if (text.length == 0) {
            return text;
        }
        int from = random.nextInt(text.length);
        int length = 1 + random.nextInt(text.length - from);
        return Arrays.copyOfRange(text, from, from + length);
    }
}
