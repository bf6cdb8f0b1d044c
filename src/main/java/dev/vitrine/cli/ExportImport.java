package dev.vitrine.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.index.PointLines;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Puts the pictures of an export into an index of the same model, with their vectors. */
final class ExportImport {
    /** A body that every service takes, whatever its settings. */
    private static final int BODY_CHARS = 48 * 1024;

    private static final int AT_ONCE = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServiceClient client;
    private long sent;

    ExportImport(ServiceClient client) {
        this.client = client;
    }

    /** Whether a file is an export, as its first line says. */
    static boolean isOne(String file) {
        if (!new File(file).isFile()) {
            return false;
        }
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            char[] beginning = new char[1024];
            int count = lines.read(beginning);
            String first = count <= 0 ? "" : new String(beginning, 0, count).split("\n", 2)[0];
            return first.contains("\"vitrine_export\"")
                    && PointLines.readHead(JSON.readTree(first)).isPresent();
        } catch (IOException | IllegalArgumentException e) {
            return false; // of another kind, which says itself what is wrong
        }
    }

    /**
     * Sends a file line by line, in constant memory.
     *
     * @return how many pictures the index has taken
     * @throws CommandFailedException naming what the service refuses, or that the file was cut off
     */
    long run(Path file) throws CommandFailedException, IOException, InterruptedException {
        ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE);
        Deque<Future<ServiceClient.Answer>> answers = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String head = lines.readLine();
            StringBuilder body = new StringBuilder(head).append('\n');
            Optional<Long> end = Optional.empty();
            long read = 0;
            for (String line = lines.readLine(); line != null && end.isEmpty(); line = lines.readLine()) {
                end = end(line);
                if (end.isPresent() || line.isBlank()) {
                    continue;
                }
                read++;
                if (body.length() + line.length() > BODY_CHARS && body.length() > head.length() + 1) {
                    send(body.toString(), senders, answers);
                    body = new StringBuilder(head).append('\n');
                }
                body.append(line).append('\n');
            }
            send(body.toString(), senders, answers);
            while (!answers.isEmpty()) {
                take(answers);
            }
            if (end.isEmpty() || end.get() != read) {
                throw new CommandFailedException(file + " was cut off after " + read
                        + " pictures, which are imported; export again to have the rest");
            }
            return sent;
        } finally {
            senders.shutdownNow();
        }
    }

    /** The last line is short. */
    private static Optional<Long> end(String line) throws CommandFailedException {
        if (line.length() > 100 || !line.contains("vitrine_export_end")) {
            return Optional.empty();
        }
        try {
            JsonNode object = JSON.readTree(line);
            return PointLines.readEnd(object);
        } catch (JsonProcessingException e) {
            throw new CommandFailedException("The last line of the export is damaged");
        }
    }

    private void send(String body, ExecutorService senders, Deque<Future<ServiceClient.Answer>> answers)
            throws CommandFailedException, InterruptedException {
        answers.add(senders.submit(
                () -> client.post("/products", "application/x-ndjson", body.getBytes(StandardCharsets.UTF_8))));
        if (answers.size() > 2 * AT_ONCE) {
            take(answers);
        }
    }

    private void take(Deque<Future<ServiceClient.Answer>> answers) throws CommandFailedException, InterruptedException {
        try {
            ServiceClient.Answer answer = answers.remove().get();
            if (!answer.isSuccess()) {
                throw new CommandFailedException(answer.detail());
            }
            sent += answer.body().path("indexed").asLong();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandFailedException failure
                    ? failure
                    : new CommandFailedException(String.valueOf(e.getCause()));
        }
    }
}
