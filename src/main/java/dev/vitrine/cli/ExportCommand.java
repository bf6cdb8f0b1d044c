package dev.vitrine.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.index.PointLines;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what the index holds to a file. */
@Command(
        name = "export",
        description = {
            "Writes what the index holds as lines of JSON, with the vectors.",
            "'./vitrine import FILE' puts them into another index of the same model without embedding anything."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private static final int LAST_LINE_BYTES = 200;

    @Mixin
    private ClientOptions options;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "where to; without it, to standard output")
    private Path file;

    @Option(names = "--filter", paramLabel = "JSON", description = "only pictures whose metadata meets it")
    private String filter;

    @Option(names = "--no-vectors", description = "leave the vectors out")
    private boolean noVectors;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        if (file == null) {
            download(System.out); // bytes: a writer would change the charset
            return 0;
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long points;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
            points = download(out);
        } catch (CommandFailedException | IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        spec.commandLine().getErr().println("Exported " + points + " pictures to " + file + ".");
        return 0;
    }

    /** Returns how many points there were. */
    private long download(OutputStream into) throws CommandFailedException, IOException {
        Tail tail = new Tail(into);
        ServiceClient.Answer answer = options.client().download(path(), tail);
        tail.flush();
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
        return tail.points();
    }

    private String path() {
        List<String> query = new ArrayList<>();
        if (filter != null) {
            query.add("filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
        }
        if (noVectors) {
            query.add("vectors=false");
        }
        return "/export" + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    /** Remembers the last line, which says whether all came. */
    private static final class Tail extends FilterOutputStream {
        private final byte[] last = new byte[LAST_LINE_BYTES];
        private long written;

        Tail(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            for (int i = Math.max(0, count - LAST_LINE_BYTES); i < count; i++) {
                last[(int) ((written + i) % LAST_LINE_BYTES)] = bytes[from + i];
            }
            written += count;
        }

        long points() throws CommandFailedException {
            byte[] end = new byte[(int) Math.min(written, LAST_LINE_BYTES)];
            for (int i = 0; i < end.length; i++) {
                end[i] = last[(int) ((written - end.length + i) % LAST_LINE_BYTES)];
            }
            String[] lines = new String(end, StandardCharsets.UTF_8).split("\n");
            try {
                JsonNode line = new ObjectMapper().readTree(lines[lines.length - 1]);
                return PointLines.readEnd(line).orElseThrow(Tail::cutOff);
            } catch (JsonProcessingException e) {
                throw cutOff();
            }
        }

        private static CommandFailedException cutOff() {
            return new CommandFailedException(
                    "The export was cut off; the log of the service says why. Run the command again");
        }
    }
}
