package dev.vitrine.http;

import java.util.Map;
import org.apache.camel.Body;

/** A JSON object with one text, as the incoming webhooks of chats take it: <code>{"text": "…"}</code>. */
public final class TextMember {
    private final String name;

    /** @param name of the one member */
    public TextMember(String name) {
        this.name = name;
    }

    /** The object, for the data format json. Whatever the text holds, it stays text. */
    public Map<String, String> of(@Body String text) {
        return Map.of(name, text);
    }
}
