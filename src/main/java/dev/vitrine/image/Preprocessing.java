package dev.vitrine.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How a model wants its pictures, as a Hugging Face {@code preprocessor_config.json} says it. The order is fixed: to
 * RGB, resize, centre crop, rescale, normalise.
 *
 * @param resize what to resize to; null to leave the size
 * @param filter how to resize
 * @param crop what to cut from the middle, padded with black where the picture is smaller; null to leave all
 * @param rescale what each 0 to 255 is multiplied by; 1 to leave it
 * @param mean what is subtracted from red, green and blue after rescaling; zeros to leave them
 * @param std what they are divided by after that; ones to leave them
 */
public record Preprocessing(
        Resize resize, Filter filter, Size crop, double rescale, List<Double> mean, List<Double> std)
        implements Serializable {

    /** Pillow's resampling filters, with the numbers that Pillow and Hugging Face give them. */
    public enum Filter {
        NEAREST(0),
        BILINEAR(2),
        BICUBIC(3);

        private final int number;

        Filter(int number) {
            this.number = number;
        }

        static Filter ofNumber(int number) {
            for (Filter filter : values()) {
                if (filter.number == number) {
                    return filter;
                }
            }
            throw new IllegalArgumentException("preprocessor_config.json asks for resample " + number
                    + "; supported are 0 (nearest), 2 (bilinear) and 3 (bicubic)");
        }
    }

    /** Width and height in pixels. */
    public record Size(int width, int height) implements Serializable {
        public Size {
            if (width < 1 || height < 1 || width > 4096 || height > 4096) {
                throw new IllegalArgumentException(
                        "A model input of " + width + " x " + height + " pixels is outside 1 to 4096");
            }
        }
    }

    /**
     * A resize target: either exactly that size, or, where {@code keepsAspect}, the picture's shorter edge becomes {@code
     * size.width()} (equal to {@code size.height()}) and the longer one keeps the aspect ratio, truncated to an int.
     */
    public record Resize(Size size, boolean keepsAspect) implements Serializable {}

    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final double CLIP_RESCALE = 1 / 255.0;

    public Preprocessing {
        Objects.requireNonNull(filter, "filter");
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException("image_mean and image_std need 3 numbers each, for red, green and blue");
        }
        if (std.contains(0.0)) {
            throw new IllegalArgumentException("image_std must not contain 0");
        }
        if (crop == null && (resize == null || resize.keepsAspect())) {
            throw new IllegalArgumentException(
                    "Pictures would differ in size: set do_center_crop, or size to a height and a width");
        }
    }

    /** What OpenAI's CLIP models with 224 x 224 pixels were trained with. */
    public static Preprocessing clip() {
        return new Preprocessing(
                new Resize(new Size(224, 224), true),
                Filter.BICUBIC,
                new Size(224, 224),
                CLIP_RESCALE,
                CLIP_MEAN,
                CLIP_STD);
    }

    /**
     * Reads a {@code preprocessor_config.json}. What a file of a CLIP processor leaves out has CLIP's value.
     *
     * @throws IllegalArgumentException for settings that are not supported, naming them
     * @throws IOException when the file cannot be read or is not JSON
     */
    public static Preprocessing read(Path file) throws IOException {
        JsonNode config = new ObjectMapper().readTree(file.toFile());
        if (!config.isObject()) {
            throw new IllegalArgumentException(file + " is not a JSON object");
        }
        try {
            return of(config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Preprocessing of(JsonNode config) {
        String type = text(config, "image_processor_type") + text(config, "feature_extractor_type");
        boolean clip = type.isEmpty() || type.contains("CLIP");
        if (given(config, "crop_pct") || flag(config, "do_pad", false)) {
            throw new IllegalArgumentException("crop_pct and do_pad are not supported");
        }
        Resize resize = null;
        if (flag(config, "do_resize", true)) {
            resize = resize(config, clip, type);
        }
        Size crop = null;
        if (flag(config, "do_center_crop", clip)) {
            crop = given(config, "crop_size") ? square(config.get("crop_size"), "crop_size") : new Size(224, 224);
        }
        boolean normalise = flag(config, "do_normalize", true);
        return new Preprocessing(
                resize,
                Filter.ofNumber(number(config, "resample", clip ? 3 : -1)),
                crop,
                flag(config, "do_rescale", true) ? config.path("rescale_factor").asDouble(CLIP_RESCALE) : 1,
                normalise ? triple(config, "image_mean", clip ? CLIP_MEAN : null) : List.of(0.0, 0.0, 0.0),
                normalise ? triple(config, "image_std", clip ? CLIP_STD : null) : List.of(1.0, 1.0, 1.0));
    }

    private static Resize resize(JsonNode config, boolean clip, String type) {
        JsonNode size = config.path("size");
        if (size.isMissingNode() && clip) {
            return clip().resize();
        }
        if (size.isObject() && size.has("shortest_edge") && !size.has("longest_edge")) {
            int edge = whole(size.get("shortest_edge"), "size.shortest_edge");
            return new Resize(new Size(edge, edge), true);
        }
        if (size.isIntegralNumber()) {
            // A bare number means the shorter edge to CLIP's processor and a square to those of ViT and SigLIP.
            if (clip || type.contains("ViT") || type.contains("Siglip")) {
                return new Resize(square(size, "size"), clip);
            }
            throw new IllegalArgumentException(
                    "what size " + size + " means to a " + type + " is not known: give a height and a width");
        }
        if (size.isObject() && size.has("height") && size.has("width")) {
            return new Resize(square(size, "size"), false);
        }
        throw new IllegalArgumentException(
                "size " + size + " is not supported; give a number, a shortest_edge, or a height and a width");
    }

    private static Size square(JsonNode node, String name) {
        if (node.isObject() && node.has("height") && node.has("width")) {
            return new Size(whole(node.get("width"), name), whole(node.get("height"), name));
        }
        int side = whole(node, name);
        return new Size(side, side);
    }

    private static int whole(JsonNode node, String name) {
        if (!node.canConvertToExactIntegral() || !node.canConvertToInt()) {
            throw new IllegalArgumentException(name + " must be a whole number or a height and a width, not " + node);
        }
        return node.asInt();
    }

    private static boolean given(JsonNode config, String name) {
        return !config.path(name).isMissingNode() && !config.path(name).isNull();
    }

    private static String text(JsonNode config, String name) {
        return config.path(name).asText("");
    }

    private static boolean flag(JsonNode config, String name, boolean otherwise) {
        return given(config, name) ? config.get(name).asBoolean(otherwise) : otherwise;
    }

    private static int number(JsonNode config, String name, int otherwise) {
        return given(config, name) ? whole(config.get(name), name) : otherwise;
    }

    private static List<Double> triple(JsonNode config, String name, List<Double> otherwise) {
        JsonNode node = config.path(name);
        if (!given(config, name) && otherwise != null) {
            return otherwise;
        }
        if (!node.isArray()
                || node.size() != 3
                || !node.get(0).isNumber()
                || !node.get(1).isNumber()
                || !node.get(2).isNumber()) {
            throw new IllegalArgumentException(name + " must be 3 numbers, not " + node);
        }
        return List.of(
                node.get(0).asDouble(), node.get(1).asDouble(), node.get(2).asDouble());
    }

    /** Width and height of what comes out, in pixels. */
    public Size output() {
        return crop != null ? crop : resize.size();
    }

    /**
     * These settings as one line that changes exactly when they do; part of what tells two vector spaces apart. The form
     * is stable across versions of this program.
     */
    public String canonical() {
        return "rgb"
                + "|resize="
                + (resize == null ? "none" : (resize.keepsAspect() ? "short:" : "exact:") + text(resize.size()))
                + "|filter="
                + (resize == null ? "none" : "pillow-" + filter.name().toLowerCase(java.util.Locale.ROOT))
                + "|crop=" + (crop == null ? "none" : text(crop))
                + "|rescale=" + rescale
                + "|mean=" + mean.get(0) + "," + mean.get(1) + "," + mean.get(2)
                + "|std=" + std.get(0) + "," + std.get(1) + "," + std.get(2);
    }

    private static String text(Size size) {
        return size.width() + "x" + size.height();
    }
}
