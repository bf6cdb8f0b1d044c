package dev.vitrine.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** The pictures and expected pixels that src/test/python/make_goldens.py made with Pillow. */
public final class Goldens {

    /**
     * @param clipSha256 of the 224 x 224 x 3 bytes behind CLIP's resize and crop of the upright picture
     */
    public record Case(String name, int width, int height, String clipSha256, JsonNode more) {
        public Path file() {
            return folder().resolve(name);
        }

        byte[] bytes() {
            try {
                return Files.readAllBytes(file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean hasPixels() {
            return Files.exists(folder().resolve(name + ".rgb.gz"));
        }

        byte[] pixels() {
            return unpacked(name + ".rgb.gz");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Goldens() {}

    static Path folder() {
        URL url = Goldens.class.getResource("/golden/goldens.json");
        try {
            return Path.of(url.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<Case> all() {
        try {
            JsonNode cases = new ObjectMapper()
                    .readTree(folder().resolve("goldens.json").toFile())
                    .get("cases");
            return StreamSupport.stream(cases.properties().spliterator(), false)
                    .map(e -> new Case(
                            e.getKey(),
                            e.getValue().get("width").asInt(),
                            e.getValue().get("height").asInt(),
                            e.getValue().get("clip_sha256").asText(),
                            e.getValue()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Case named(String name) {
        return all().stream()
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static byte[] unpacked(String name) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder().resolve(name)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The largest difference between two pictures' bytes. */
    static int largestDifference(byte[] one, byte[] other) {
        int largest = 0;
        for (int i = 0; i < one.length; i++) {
            largest = Math.max(largest, Math.abs((one[i] & 0xff) - (other[i] & 0xff)));
        }
        return largest;
    }

    /** The cosine between two vectors. */
    static double cosine(float[] one, float[] other) {
        double dot = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * other[i];
            ones += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        return dot / Math.sqrt(ones * others);
    }
}
