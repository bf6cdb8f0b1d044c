package dev.vitrine.decoder;

import dev.vitrine.image.Preparation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a decoder process is started.
 *
 * @param preparation what its pictures are to look like
 * @param mainClass {@link DecoderMain}, or one that serves as it does
 * @param heapBytes the most heap it may have; an attempt to use more ends it
 */
record DecoderLaunch(Preparation preparation, String mainClass, long heapBytes) {
    private static final int MEGABYTE = 1 << 20;

    /** What it decodes is dear, and is not to hold up what is cheap; where there is no such program it does. */
    private static final List<String> NICE =
            Files.isExecutable(Path.of("/usr/bin/nice")) ? List.of("/usr/bin/nice", "-n", "10") : List.of();

    /** The exit status by which Java says that the heap was too small. */
    static final int OUT_OF_MEMORY = 3;

    /** What a process is given of the environment; passwords and keys are not its business. */
    private static final Set<String> ENVIRONMENT = Set.of(
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "TMP",
            "TEMP",
            "SystemRoot",
            "LD_LIBRARY_PATH");

    /** Starts a process, which then gets ready. */
    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().keySet().removeIf(name -> !ENVIRONMENT.contains(name) && !name.startsWith("MALLOC_"));
        Process process = builder.redirectError(Redirect.DISCARD).start();
        try {
            DataOutputStream out = new DataOutputStream(process.getOutputStream());
            byte[] hello = serialised();
            out.writeInt(hello.length);
            out.write(hello);
            out.flush();
            return process;
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(NICE);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms24m",
                "-Xmn16m",
                "-Xmx" + heapBytes / MEGABYTE + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+DisplayVMOutputToStderr",
                "-XX:+SuppressFatalErrorMessage", // no report and no core in the working folder
                "-XX:-UsePerfData", // no file in the temporary folder
                "-Djava.awt.headless=true"));
        // The service's own class archive fits, as the class path is the same.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
                .forEach(argument -> command.addAll(List.of(argument, "-Xlog:disable")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return command;
    }

    private byte[] serialised() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(preparation);
        }
        return bytes.toByteArray();
    }
}
