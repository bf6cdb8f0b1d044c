package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, as ONNX Runtime is loaded once a process. */
class UnpackedLibraryTest {
    @TempDir
    private Path folder;

    /** Loads a model, says where its library is mapped from, and ends as if it was killed. */
    static final class Loading {
        public static void main(String[] arguments) throws IOException {
            ClipModel.open(
                    ModelFolder.open(RunningVitrine.TINY_MODEL),
                    new EncoderOptions(1, 1, Device.CPU, java.time.Duration.ofSeconds(30)),
                    "",
                    true,
                    Path.of(arguments[0]));
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.filter(line -> line.contains("libonnxruntime"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .distinct()
                        .forEach(System.out::println);
            }
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    private List<String> load() throws Exception {
        Path out = folder.resolve("out");
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        folder.resolve("cache").toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        assertThat(RunningVitrine.names(temporary)).as("left behind").isEmpty();
        return Files.readAllLines(out).stream()
                .filter(line -> line.contains("libonnxruntime"))
                .toList();
    }

    @Test
    void removesTheEmptyFoldersOfProcessesThatWereKilled() throws Exception {
        Path left = Files.createDirectories(folder.resolve("tmp/onnxruntime-java123"));
        assertThat(left.toFile().setLastModified(System.currentTimeMillis() - 120_000))
                .isTrue();
        load(); // which looks into the folder
    }

    @Test
    void isUnpackedOnceAndHalfACopyIsNeverUsed() throws Exception {
        List<String> mapped = load();
        assertThat(mapped).hasSize(2).allSatisfy(path -> assertThat(Path.of(path))
                .startsWith(folder.resolve("cache/onnxruntime")));
        Path library = mapped.stream()
                .map(Path::of)
                .filter(path -> path.endsWith("libonnxruntime.so"))
                .findFirst()
                .orElseThrow();
        long whole = Files.size(library);
        Object copied = Files.getLastModifiedTime(library);
        load();
        assertThat(Files.getLastModifiedTime(library)).as("the same copy").isEqualTo(copied);

        // What a process leaves that is killed meanwhile, and what a stop of the machine may leave.
        Path part = Files.write(library.resolveSibling(".unpacking-1.tmp"), new byte[1_000]);
        assertThat(part.toFile().setLastModified(1_000)).isTrue();
        Files.write(library, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(load()).hasSize(2);
        assertThat(library).hasSize(whole);
        assertThat(RunningVitrine.names(library.getParent())).allMatch(name -> name.startsWith("libonnxruntime"));
    }

    @Test
    void leavesItToOnnxRuntimeWhereTheFolderCannotBeWritten() throws Exception {
        Files.writeString(folder.resolve("cache"), "no folder");
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        new File(folder.toFile(), "cache").toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(out)).contains("libonnxruntime", "cannot be written");
        assertThat(process.exitValue()).isZero();
    }
}
