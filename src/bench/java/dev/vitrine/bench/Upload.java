package dev.vitrine.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of upload requests, ready to be written to a socket; each has a product id of its own. */
final class Upload {
    private static final String BOUNDARY = "vitrine-bench-boundary";
    private static final String ID = "bench-%012d";

    private final List<byte[]> heads;
    private final List<byte[]> tails;
    private final AtomicLong ids;

    /** The same with a header more, each a line that ends with CR and LF. */
    Upload with(String header) {
        return header.isEmpty()
                ? this
                : new Upload(heads.stream().map(head -> inserted(head, header)).toList(), tails, ids);
    }

    private static byte[] inserted(byte[] head, String header) {
        String text = new String(head, StandardCharsets.US_ASCII);
        return ascii(text.replaceFirst("\r\n", "\r\n" + header));
    }

    private Upload(List<byte[]> heads, List<byte[]> tails, AtomicLong ids) {
        this.heads = heads;
        this.tails = tails;
        this.ids = ids;
    }

    /** Uploads of these pictures in turn, all of them good. */
    static Upload of(List<byte[]> pictures) {
        return make(pictures, "product_id");
    }

    /** The same bytes with the product id under a wrong name: the server takes them and drops them, with a 400. */
    static Upload dropped(List<byte[]> pictures) {
        return make(pictures, "product_ix");
    }

    private static Upload make(List<byte[]> pictures, String idField) {
        String fields = part("Content-Disposition: form-data; name=\"name\"", "A product of the benchmark")
                + part("Content-Disposition: form-data; name=\"" + idField + "\"", ID.formatted(0));
        String file = "--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"image_file\"; filename=\"picture.jpg\"\r\n"
                + "Content-Type: image/jpeg\r\n\r\n";
        String end = "\r\n--" + BOUNDARY + "--\r\n";
        List<byte[]> heads = pictures.stream()
                .map(picture -> ascii("POST /index-product-with-image HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\nContent-Length: "
                        + (fields.length() + file.length() + picture.length + end.length()) + "\r\n\r\n"
                        + fields.substring(0, fields.length() - 14)))
                .toList();
        List<byte[]> tails = pictures.stream()
                .map(picture -> join(ascii("\r\n" + file), picture, ascii(end)))
                .toList();
        return new Upload(heads, tails, new AtomicLong());
    }

    private static String part(String header, String value) {
        return "--" + BOUNDARY + "\r\n" + header + "\r\n\r\n" + value + "\r\n";
    }

    /** One request. */
    byte[] next() {
        long id = ids.getAndIncrement();
        int picture = (int) (id % heads.size());
        byte[] number = ascii(ID.formatted(id).substring(ID.formatted(id).length() - 12));
        return join(heads.get(picture), number, tails.get(picture));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
