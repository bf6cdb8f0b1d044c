package dev.vitrine.clip;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime's libraries (24 MB), unpacked once into a folder of ours instead of at each start into the temporary one,
 * where a process that is killed meanwhile would leave them. A copy has its last name only once it is whole and on disk,
 * and its folder is named after what is in the jar, so neither half a copy nor that of another version is ever loaded.
 */
final class UnpackedLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedLibrary.class);
    private static final String NATIVE_PATH = "onnxruntime.native.path";
    private static final String JAR_FOLDER = "/ai/onnxruntime/native/";
    private static final String CUDA = JAR_FOLDER + "linux-x64/libonnxruntime_providers_cuda.so";
    private static final String[] LIBRARIES = {"onnxruntime", "onnxruntime4j_jni"};
    private static final int STEP = 1 << 16;
    private static final String TEMPORARY = "onnxruntime-java";
    private static final long OLD_MILLIS = 60_000;

    private final Path folder;

    /** @param cache where the libraries' folder is made when needed */
    UnpackedLibrary(Path cache) {
        this.folder = cache.resolve("onnxruntime");
    }

    /**
     * Has ONNX Runtime load its libraries from here when it is first used. Where that cannot be, because programs may not
     * run in the folder, say, or the library for GPUs is there, which unpacks more beside it, it unpacks them itself.
     */
    void use() {
        if (System.getProperty(NATIVE_PATH) != null || UnpackedLibrary.class.getResource(CUDA) != null) {
            return;
        }
        try {
            Path whole = null;
            for (String library : LIBRARIES) {
                URL packed = OrtEnvironment.class.getResource(JAR_FOLDER + platform() + "/" + fileName(library));
                if (packed == null || !(packed.openConnection() instanceof JarURLConnection inJar)) {
                    return;
                }
                JarEntry entry = inJar.getJarEntry();
                whole = whole == null ? folder.resolve(Long.toHexString(entry.getCrc())) : whole;
                if (!isRunnable(unpack(packed, entry.getSize(), whole.resolve(fileName(library))))) {
                    LOG.warn("{} may run no programs (noexec), so ONNX Runtime unpacks itself elsewhere", folder);
                    return;
                }
            }
            System.setProperty(NATIVE_PATH, whole.toAbsolutePath().toString());
        } catch (IOException e) {
            LOG.warn("ONNX Runtime unpacks itself at each start, as {} cannot be written: {}", folder, e.getMessage());
        }
    }

    /** The whole file, from now or from an earlier start. */
    private static Path unpack(URL packed, long size, Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) == size) {
            return file;
        }
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), ".unpacking-", ".tmp");
        try (InputStream in = packed.openStream();
                FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
            copy(in, out);
            out.force(true); // or a stop of the machine might leave the name with less behind it
            if (out.size() != size) {
                throw new IOException("the copy of " + packed + " is cut off");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        sweep(file.getParent());
        return file;
    }

    private static void copy(InputStream in, WritableByteChannel out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(STEP);
        try (var from = Channels.newChannel(in)) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
    }

    /** Removes what processes left that were killed while they unpacked; of a living one it is younger than that. */
    private static void sweep(Path folder) throws IOException {
        try (var parts = Files.newDirectoryStream(folder, ".unpacking-*")) {
            for (Path part : parts) {
                if (isOld(part)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    private static boolean isRunnable(Path file) {
        return file.toFile().setExecutable(true, true) && Files.isExecutable(file);
    }

    /**
     * Removes the empty folder that ONNX Runtime makes in the temporary one all the same, and otherwise leaves to the end;
     * and those that killed processes left, which are older and empty.
     */
    static void removeTemporaryFolders() {
        try {
            var field = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            field.setAccessible(true);
            if (field.get(null) instanceof Path temporary) {
                Files.deleteIfExists(temporary);
            }
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            LOG.debug("ONNX Runtime's temporary folder stays until the process ends", e);
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (var folders = Files.newDirectoryStream(temporary, TEMPORARY + "*")) {
            for (Path left : folders) {
                if (isOld(left) && Files.isDirectory(left)) {
                    left.toFile().delete(); // does nothing to one that is in use, as that has files
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("The folders that ONNX Runtime left in {} stay", temporary, e);
        }
    }

    /** Nothing that is going on takes that long. */
    private static boolean isOld(Path file) {
        return file.toFile().lastModified() < System.currentTimeMillis() - OLD_MILLIS;
    }

    private static String fileName(String library) {
        return System.mapLibraryName(library).replace("jnilib", "dylib");
    }

    /** As ONNX Runtime names it. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux")
                + (arch.equals("amd64") || arch.equals("x86_64") ? "-x64" : "-" + arch);
    }
}
