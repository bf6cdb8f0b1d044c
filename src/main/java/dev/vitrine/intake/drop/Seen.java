package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file as a look into the folder found it, without opening or following it.
 *
 * @param attributes of the file itself, or of the link
 * @param changed when anything about it changed last, where the disk says so; else when its content did
 */
record Seen(FileName name, Path path, BasicFileAttributes attributes, FileTime changed) {

    /** What lies in a folder by name, without what begins with a dot. */
    static SortedMap<FileName, Seen> in(Path folder) throws IOException {
        SortedMap<FileName, Seen> files = new TreeMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                if (!path.getFileName().toString().startsWith(".")) {
                    try {
                        Seen file = at(path);
                        files.put(file.name(), file);
                    } catch (NoSuchFileException e) {
                        // gone meanwhile
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    static Seen at(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Seen(FileName.of(path), path, attributes, changed(path, attributes));
    }

    private static FileTime changed(Path path, BasicFileAttributes attributes) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return (FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        }
        return attributes.lastModifiedTime();
    }

    /** Equal for as long as nothing about the file changes. */
    String version() {
        return attributes.size() + " " + attributes.lastModifiedTime() + " " + changed + " " + attributes.fileKey();
    }

    /** Names this file with this content, also after a restart. */
    String mark() {
        try {
            String text = name.encoded() + " " + attributes.size() + " "
                    + attributes.lastModifiedTime().toMillis();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
