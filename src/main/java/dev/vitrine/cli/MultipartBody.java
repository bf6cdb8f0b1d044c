package dev.vitrine.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/** A {@code multipart/form-data} body (RFC 7578), held in memory. */
public final class MultipartBody {
    private final String boundary = "vitrine-" + UUID.randomUUID();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a text field. */
    public MultipartBody field(String name, String value) {
        write("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name
                + "\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + value + "\r\n");
        return this;
    }

    /** Adds a file. */
    public MultipartBody file(String name, Path file) throws IOException {
        return file(name, file.getFileName().toString(), Files.readAllBytes(file));
    }

    /** Adds a file that is in memory. */
    public MultipartBody file(String name, String fileName, byte[] content) {
        write("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\""
                + fileName.replace('"', '_') + "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        bytes.writeBytes(content);
        write("\r\n");
        return this;
    }

    public String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** The whole body. */
    public byte[] toByteArray() {
        byte[] end = ("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(bytes.toByteArray(), bytes.size() + end.length);
        System.arraycopy(end, 0, whole, bytes.size(), end.length);
        return whole;
    }

    public BodyPublisher publisher() {
        return BodyPublishers.ofByteArray(toByteArray());
    }

    private void write(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
