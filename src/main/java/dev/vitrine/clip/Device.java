package dev.vitrine.clip;

import java.util.Locale;

/** Where the model runs. */
public enum Device {
    CPU,
    /** An NVIDIA GPU. Needs the CUDA build of ONNX Runtime in place of the one that Vitrine brings. */
    CUDA;

    /**
     * Reads the value of {@code VITRINE_DEVICE}: {@code cpu} or {@code cuda}, in any case.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Device of(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "cpu" -> CPU;
            case "cuda" -> CUDA;
            default -> throw new IllegalArgumentException("VITRINE_DEVICE is '" + value + "'; use cpu or cuda");
        };
    }
}
