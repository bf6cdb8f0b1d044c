package dev.vitrine.catalogue.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A folder of pictures: {@code PRODUCT_ID.jpg}, or {@code PRODUCT_ID/IMAGE_ID.jpg} where a product has several. */
final class FolderCatalogue implements Catalogue {
    private static final Set<String> PICTURES =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff");

    private final Path folder;
    private final Deque<DirectoryStream<Path>> open = new ArrayDeque<>();
    private final Iterator<Path> outer;
    private Iterator<Path> inner = java.util.Collections.emptyIterator();
    private String product;
    private long count;

    FolderCatalogue(Path folder) throws IOException {
        this.folder = folder;
        this.outer = list(folder);
    }

    private Iterator<Path> list(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        open.push(stream);
        return stream.iterator();
    }

    @Override
    public String description() {
        return "a folder of pictures";
    }

    @Override
    public Optional<ProductRow> next(Consumer<Fault> faults) throws IOException {
        try {
            while (true) {
                if (inner.hasNext()) {
                    Path file = inner.next();
                    if (isPicture(file)) {
                        return Optional.of(row(product, stem(file), file));
                    }
                } else if (product != null) {
                    product = null;
                    open.pop().close();
                } else if (!outer.hasNext()) {
                    return Optional.empty();
                } else {
                    Path file = outer.next();
                    if (isPicture(file)) {
                        return Optional.of(row(stem(file), "main", file));
                    }
                    if (Files.isDirectory(file)
                            && !file.getFileName().toString().startsWith(".")) {
                        product = file.getFileName().toString();
                        inner = list(file);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private ProductRow row(String productId, String imageId, Path file) {
        return new ProductRow(
                productId.strip(),
                imageId,
                null,
                folder.relativize(file).toString(),
                Map.of(),
                Map.of(),
                null,
                null,
                ++count);
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && PICTURES.contains(extension) && Files.isRegularFile(file);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    @Override
    public void close() throws IOException {
        for (DirectoryStream<Path> stream : open) {
            stream.close();
        }
    }
}
