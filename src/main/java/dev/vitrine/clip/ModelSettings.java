package dev.vitrine.clip;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.util.List;

/**
 * Which model embeds, and on what.
 *
 * @param model {@code auto}, the name of an installed model, or a folder
 * @param device what the model runs on
 * @param workers encoder sessions of one thread each
 */
public record ModelSettings(String model, Device device, int workers) {
    private static final int PICTURES_A_SESSION = 16;
    private static final Setting<String> MODEL = Setting.text(
            "VITRINE_MODEL",
            "auto",
            "`auto`: `clip-vit-b32` where it is installed, else the demo model; or the name of an installed model, or a"
                    + " folder");
    private static final Setting<Long> WORKERS = Setting.number(
                    "VITRINE_WORKERS",
                    Runtime.getRuntime().availableProcessors(),
                    1,
                    1_024,
                    "pictures encoded at the same time, one thread each")
            .shownAs("number of cores");
    private static final Setting<String> DEVICE = Setting.choice("VITRINE_DEVICE", "`cpu` or `cuda`", "cpu", "cuda");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(MODEL, WORKERS, DEVICE);

    /** Reads an installation's settings. */
    public static ModelSettings read(SettingSource source) {
        return new ModelSettings(
                MODEL.read(source),
                Device.of(DEVICE.read(source)),
                WORKERS.read(source).intValue());
    }

    /** How many pictures are worked on at once, so that every session finds enough to put together. */
    public int picturesAtOnce() {
        return workers * PICTURES_A_SESSION;
    }
}
