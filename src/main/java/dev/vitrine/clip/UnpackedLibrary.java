package dev.vitrine.clip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of its library, 24 MB, that ONNX Runtime unpacks into the temporary folder at each start and removes at the end
 * of the process, unless that is killed.
 */
final class UnpackedLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedLibrary.class);
    private static final String FOLDER = "onnxruntime-java";
    private static final String CUDA = "/ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so";

    private UnpackedLibrary() {}

    /**
     * Removes this process's copy once it is loaded: Linux needs the file no more. Does nothing elsewhere, and nothing
     * where the library for GPUs is on the class path, which unpacks more beside it later.
     */
    static void remove() {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps) || UnpackedLibrary.class.getResource(CUDA) != null) {
            return;
        }
        try {
            for (Path folder : folders(maps)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("ONNX Runtime's library stays in the temporary folder until the process ends", e);
        }
    }

    /** The folders that the loaded library was unpacked into. */
    private static Set<Path> folders(Path maps) throws IOException {
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(line -> line.contains("/" + FOLDER))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent())
                    .filter(folder -> folder.getFileName().toString().startsWith(FOLDER))
                    .filter(Files::isDirectory)
                    .collect(Collectors.toSet());
        }
    }
}
