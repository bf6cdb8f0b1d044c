package dev.vitrine.image;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What pictures may be like and how they are read.
 *
 * @param maxPixels decoded pixels of a picture, at most
 * @param searchMaxPixels the same for the picture of a search; at most {@code maxPixels}
 * @param decodeDeadline processor time that decoding one picture may take
 * @param applyExif whether pictures are turned upright
 * @param reduceLargeJpegs whether large JPEGs may be decoded at a smaller size
 * @param transparency what becomes of alpha
 * @param thumbnails whether a small picture of each is kept
 */
public record PictureSettings(
        long maxPixels,
        long searchMaxPixels,
        Duration decodeDeadline,
        boolean applyExif,
        boolean reduceLargeJpegs,
        Transparency transparency,
        boolean thumbnails) {
    private static final Setting<Long> MAX_PIXELS = Setting.number(
            "VITRINE_MAX_PIXELS",
            50_000_000,
            1,
            1_000_000_000,
            "largest picture, read from its header before it is decoded");
    private static final Setting<Long> SEARCH_MAX_PIXELS = Setting.number(
            "VITRINE_SEARCH_MAX_PIXELS",
            16_000_000,
            1,
            1_000_000_000,
            "largest picture of a search, which may take 2 s of processor time; never more than `VITRINE_MAX_PIXELS`");
    private static final Setting<Duration> DECODE_DEADLINE = Setting.duration(
            "VITRINE_DECODE_DEADLINE",
            "30s",
            Duration.ofMillis(1),
            "processor time that decoding one picture may take before it fails; raise it with `VITRINE_MAX_PIXELS`");
    private static final Setting<String> EXIF = Setting.choice(
            "VITRINE_EXIF",
            "`apply`: pictures are turned upright; `ignore`: they are taken as they are stored",
            "apply",
            "ignore");
    private static final Setting<String> LARGE_JPEG = Setting.choice(
            "VITRINE_LARGE_JPEG",
            "`reduced` or `full`: whether large JPEGs may be decoded at a smaller size",
            "reduced",
            "full");

    private static final Setting<String> TRANSPARENT = Setting.choice(
            "VITRINE_TRANSPARENT",
            "`white`: what is transparent is composed on white; `ignore`: alpha is dropped, so that the colour hidden"
                    + " under it shows",
            "white",
            "ignore");

    private static final Setting<String> THUMBNAILS = Setting.choice(
            "VITRINE_THUMBNAILS",
            "`on`: a small JPEG of each picture is kept in the data folder, for the page and for clients; `off`: none is",
            "on",
            "off");

    /** All that is read here. */
    public static final List<Setting<?>> ALL =
            List.of(MAX_PIXELS, SEARCH_MAX_PIXELS, DECODE_DEADLINE, EXIF, TRANSPARENT, LARGE_JPEG, THUMBNAILS);

    /** Reads an installation's settings. */
    public static PictureSettings read(SettingSource source) {
        long maxPixels = MAX_PIXELS.read(source);
        return new PictureSettings(
                maxPixels,
                Math.min(maxPixels, SEARCH_MAX_PIXELS.read(source)),
                DECODE_DEADLINE.read(source),
                EXIF.read(source).equals("apply"),
                LARGE_JPEG.read(source).equals("reduced"),
                Transparency.valueOf(TRANSPARENT.read(source).toUpperCase(Locale.ROOT)),
                THUMBNAILS.read(source).equals("on"));
    }

    /** What pictures are made into a model's input by, as text: equal choices give equal text. */
    public String canonical(Preprocessing preprocessing) {
        return preprocessing.canonical() + (transparency == Transparency.WHITE ? "|transparent=white" : "");
    }
}
