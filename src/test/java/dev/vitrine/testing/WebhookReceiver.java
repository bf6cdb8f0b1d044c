package dev.vitrine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.svix.Webhook;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Somebody who takes webhooks, and believes those alone that the library of a receiver verifies. */
public final class WebhookReceiver implements AutoCloseable {
    /** What they are signed with. */
    public static final String SECRET = "whsec_dGhlIHNlY3JldCBvZiBhbGwgdGVzdHMgaGVyZQ==";

    /** A webhook that was verified. */
    public record Message(String id, String path, JsonNode body) {}

    private final PictureServer server = new PictureServer();
    private final Map<String, Queue<Message>> messages = new ConcurrentHashMap<>();

    /** As {@code VITRINE_CALLBACK_HOSTS} names it. */
    public String host() {
        return server.host();
    }

    /** Takes what comes to a path and answers as told; returns its URL. */
    public String answer(String path, PictureServer.Answer answer) {
        return server.put(path, request -> {
            keep(path, request);
            answer.to(request);
        });
    }

    /** Takes what comes to a path and answers with a status; returns its URL. */
    public String answer(String path, int status) {
        return answer(path, request -> request.sendResponseHeaders(status, -1));
    }

    /** What came to a path, in its order. */
    public List<Message> at(String path) {
        return List.copyOf(messages.getOrDefault(path, new ConcurrentLinkedQueue<>()));
    }

    private void keep(String path, HttpExchange request) throws IOException {
        String body = new String(request.getRequestBody().readAllBytes(), UTF_8);
        try {
            new Webhook(SECRET).verify(body, HttpHeaders.of(request.getRequestHeaders(), (name, value) -> true));
        } catch (Exception e) {
            throw new IOException("A webhook that is not verified: " + body, e);
        }
        messages.computeIfAbsent(path, name -> new ConcurrentLinkedQueue<>())
                .add(new Message(
                        request.getRequestHeaders().getFirst("webhook-id"), path, new ObjectMapper().readTree(body)));
    }

    @Override
    public void close() {
        server.close();
    }
}
