package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where relative pictures of a catalogue are. A path never leads out of its folder. */
public final class ImageBase {
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

    private final Path folder;
    private final URI url;

    private ImageBase(Path folder, URI url) {
        this.folder = folder;
        this.url = url;
    }

    /** A folder of this machine. */
    public static ImageBase folder(Path folder) {
        return new ImageBase(folder.toAbsolutePath().normalize(), null);
    }

    /** A URL; a path that begins with a slash is below it, too, where it ends with one. */
    public static ImageBase url(String url) {
        return new ImageBase(null, URI.create(url));
    }

    /** Nowhere: only whole URLs are taken. */
    public static ImageBase none() {
        return new ImageBase(null, null);
    }

    /** Whether a text is a URL. */
    public static boolean isUrl(String text) {
        return URL.matcher(text).matches();
    }

    /** The picture's URL; empty where it is a path. */
    Optional<String> urlOf(String picture) throws UnusableSourceException {
        if (isUrl(picture)) {
            return Optional.of(picture);
        }
        if (url == null) {
            return Optional.empty();
        }
        String path = picture.replace('\\', '/').replace(" ", "%20");
        boolean isBelow = url.getPath() != null && url.getPath().endsWith("/");
        try {
            return Optional.of(
                    url.resolve(isBelow ? path.replaceFirst("^/+", "") : path).toString());
        } catch (IllegalArgumentException e) {
            throw new UnusableSourceException(picture + " is no path of a URL");
        }
    }

    /** The picture's file. */
    Path pathOf(String picture) throws IOException {
        if (folder == null) {
            throw new UnusableSourceException(
                    picture + " is no URL; give the folder or the URL of pictures as the image base");
        }
        Path file;
        try {
            String text = picture.replace('\\', '/');
            Path absolute = Path.of(text).normalize();
            file = absolute.isAbsolute() && absolute.startsWith(folder)
                    ? absolute
                    : folder.resolve(text.replaceFirst("^/+", "")).normalize();
        } catch (InvalidPathException e) {
            throw new UnusableSourceException("is no path that this machine knows");
        }
        boolean isInside = file.startsWith(folder)
                && (!Files.exists(file) || file.toRealPath().startsWith(folder.toRealPath()));
        if (!isInside) {
            throw new UnusableSourceException(picture + " leads out of the folder " + folder);
        }
        return file;
    }
}
