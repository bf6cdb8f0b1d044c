package dev.vitrine.catalogue.read;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where a shop's pictures are, as its exports write it. */
final class Pictures {
    /** A comma is between two URLs where a URL, or a space, follows it. */
    private static final Pattern BETWEEN_URLS =
            Pattern.compile("(?<!\\\\),\\s*(?=(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)|(?<!\\\\),\\s+");

    private static final Pattern BETWEEN_PATHS = Pattern.compile("(?<!\\\\),");
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*|//[^/].*", Pattern.DOTALL);
    private static final String SAFE = "-._~:/?#[]@!$&'()*+,;=%";

    /** Parameters that say which state of a picture it is, not which picture. */
    private static final Set<String> VERSIONS = Set.of(
            "v", "ver", "version", "t", "ts", "time", "timestamp", "_", "cb", "cachebuster", "rev", "mtime", "updated");

    private Pictures() {}

    /** The pictures of a cell that may name several, each once. */
    static List<String> list(String cell) {
        Pattern between = cell.contains("//") ? BETWEEN_URLS : BETWEEN_PATHS;
        Set<String> pictures = new LinkedHashSet<>();
        for (String part : between.split(cell)) {
            String picture = one(part.replace("\\,", ","));
            if (!picture.isEmpty()) {
                pictures.add(picture);
            }
        }
        return new ArrayList<>(pictures);
    }

    /** A picture as it can be asked for: a URL without spaces or letters that no URL has, or a path. */
    static String one(String text) {
        String picture = Text.clean(text).replaceAll("[\\r\\n\\t]", "");
        if (picture.startsWith("gs://")) {
            picture = "https://storage.googleapis.com/" + picture.substring("gs://".length());
        }
        if (!isUrl(picture)) {
            return picture;
        }
        return escaped(picture.startsWith("//") ? "https:" + picture : picture);
    }

    static boolean isUrl(String picture) {
        return URL.matcher(picture).matches();
    }

    private static String escaped(String url) {
        StringBuilder escaped = new StringBuilder(url.length() + 16);
        for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean isSafe = c < 0x80 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
            escaped.append(isSafe ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        String safe = escaped.toString().replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
        int path = safe.indexOf('/', safe.indexOf("//") + 2);
        return path < 0 ? safe : safe.substring(0, path) + bracketsEscaped(safe.substring(path));
    }

    private static String bracketsEscaped(String path) {
        return path.replace("[", "%5B").replace("]", "%5D");
    }

    /**
     * Which picture of its product it is: the file's name, with the query where that says which picture it is; parameters
     * that only name its state are left out, so that a picture keeps its id.
     */
    static String id(String picture) {
        String path = picture;
        String query = "";
        if (isUrl(picture)) {
            int mark = picture.indexOf('#');
            String url = mark < 0 ? picture : picture.substring(0, mark);
            int question = url.indexOf('?');
            path = question < 0 ? url : url.substring(0, question);
            query = question < 0 ? "" : meaningful(url.substring(question + 1));
        }
        String name = decoded(path.substring(path.replace('\\', '/').lastIndexOf('/') + 1));
        String id = Text.line(query.isEmpty() ? name : name + "?" + query).replaceAll("\\p{Cntrl}", "");
        if (id.isEmpty()) {
            return "main";
        }
        return id.length() <= 200 ? id : id.substring(0, 180).strip() + "-" + Integer.toHexString(id.hashCode());
    }

    private static String meaningful(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.isEmpty()
                        && !VERSIONS.contains(parameter.split("=", 2)[0].toLowerCase(Locale.ROOT))
                        && !parameter.matches("\\d+"))
                .collect(Collectors.joining("&"));
    }

    private static String decoded(String name) {
        try {
            String path = name.contains("%") ? URI.create("/" + name).getPath() : null;
            return path == null || path.contains("\uFFFD") ? name : path.substring(1);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }
}
