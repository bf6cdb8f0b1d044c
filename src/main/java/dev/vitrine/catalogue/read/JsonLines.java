package dev.vitrine.catalogue.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A JSON object a line: {@code product_id}, {@code name}, {@code image} (or {@code images}, a list), {@code image_id},
 * {@code metadata}, and {@code vector} where the picture is embedded already. Any other member is metadata, but for those
 * that only an export has.
 */
final class JsonLines implements Catalogue {
    private static final Set<String> OF_AN_EXPORT = Set.of("has_image", "indexed_at", "version", "model", "job_id");
    private static final List<String> ID = List.of("product_id", "id", "sku");
    private static final List<String> NAME = List.of("name", "title");
    private static final List<String> IMAGE = List.of("image", "images", "image_url", "picture", "file");

    private static final ObjectMapper VALUES = new ObjectMapper();

    private final Encoding encoding;
    private final BoundedReader bounded;
    private final BufferedReader text;
    private final ObjectReader json = new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final Deque<ProductRow> ready = new ArrayDeque<>();
    private long line;

    JsonLines(Path file, Encoding encoding) throws IOException {
        this.encoding = encoding;
        this.bounded = new BoundedReader(encoding.reader(file));
        this.text = new BufferedReader(bounded);
    }

    @Override
    public String description() {
        return "JSON Lines (" + encoding + ")";
    }

    @Override
    public Optional<ProductRow> next(Consumer<Fault> faults) throws IOException {
        while (ready.isEmpty()) {
            bounded.allow();
            String written = text.readLine();
            line++;
            if (written == null) {
                return Optional.empty();
            }
            if (!written.isBlank()) {
                read(written, faults);
            }
        }
        return Optional.of(ready.poll());
    }

    private void read(String written, Consumer<Fault> faults) throws IOException {
        try {
            JsonNode object = json.readTree(written);
            if (object.has("vitrine_export") || object.has("vitrine_export_end")) {
                return; // what an export says of itself
            }
            if (object.isObject()) {
                read(object);
            } else {
                faults.accept(Fault.error(line, "", "The line is no JSON object"));
            }
        } catch (JsonProcessingException e) {
            faults.accept(Fault.error(line, "", "The line is no JSON object: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            faults.accept(Fault.error(line, "", e.getMessage()));
        }
    }

    private void read(JsonNode object) {
        Draft draft = new Draft(Text.line(text(object, ID)), line).name(text(object, NAME));
        Map<String, Object> own = new LinkedHashMap<>();
        object.path("metadata").fields().forEachRemaining(member -> own.put(member.getKey(), value(member.getValue())));
        for (Iterator<Map.Entry<String, JsonNode>> i = object.fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> member = i.next();
            String key = member.getKey();
            if (!isKnown(key) && !member.getValue().isNull()) {
                own.putIfAbsent(key, value(member.getValue()));
            }
        }
        own.values().removeIf(java.util.Objects::isNull);
        String imageId = Text.line(object.path("image_id").asText(""));
        float[] vector = vector(object.path("vector"));
        List<String> pictures = pictures(object);
        if (pictures.isEmpty() && vector == null) {
            ready.add(draft.all(own).alone());
        } else if (pictures.size() <= 1) {
            String picture = pictures.isEmpty() ? null : pictures.get(0);
            String usual = picture == null ? "main" : Pictures.id(picture);
            ready.add(draft.row(imageId.isEmpty() ? usual : imageId, picture, own, vector));
        } else {
            ready.addAll(draft.pictures(pictures, own));
        }
    }

    private static boolean isKnown(String key) {
        return ID.subList(0, 1).contains(key)
                || NAME.contains(key)
                || IMAGE.contains(key)
                || OF_AN_EXPORT.contains(key)
                || key.equals("id")
                || key.equals("metadata")
                || key.equals("image_id")
                || key.equals("vector");
    }

    private static String text(JsonNode object, List<String> names) {
        for (String name : names) {
            String text = object.path(name).asText("");
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    private static List<String> pictures(JsonNode object) {
        List<String> pictures = new ArrayList<>();
        for (String name : IMAGE) {
            JsonNode value = object.path(name);
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                String picture = Pictures.one(one.asText(""));
                if (!picture.isEmpty() && !pictures.contains(picture)) {
                    pictures.add(picture);
                }
            }
        }
        return pictures;
    }

    private static float[] vector(JsonNode numbers) {
        if (!numbers.isArray() || numbers.isEmpty()) {
            return null;
        }
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).floatValue();
            if (!numbers.get(i).isNumber() || !Float.isFinite(vector[i])) {
                throw new IllegalArgumentException("The vector holds something that is no number");
            }
        }
        return vector;
    }

    private static Object value(JsonNode node) {
        return VALUES.convertValue(node, Object.class);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
