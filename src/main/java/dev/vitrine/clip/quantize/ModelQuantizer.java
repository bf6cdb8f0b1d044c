package dev.vitrine.clip.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.vitrine.clip.ModelException;
import dev.vitrine.clip.ModelFolder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes a copy of a model whose image tower multiplies whole numbers of 8 bits; see {@link RowQuantization}. */
public final class ModelQuantizer {
    private ModelQuantizer() {}

    /**
     * Writes the copy. The text tower stays as it is: it works once a search, not once a picture.
     *
     * @param target a folder that does not exist yet
     * @return how many products of the image tower were rewritten
     * @throws ModelException where the image tower cannot be quantised, or gains nothing
     * @throws IOException where a file cannot be read or written
     */
    public static int quantize(ModelFolder source, Path target) throws IOException {
        RowQuantization.Result result = RowQuantization.of(read(source.imageTower()));
        Path onnx = Files.createDirectories(target.resolve("onnx"));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(onnx.resolve("vision_model.onnx")))) {
            result.model().writeTo(out);
        }
        for (Path file : source.textTowerFiles()) {
            Files.copy(file, onnx.resolve(file.getFileName()));
        }
        for (Path file : Stream.of(source.tokenizer(), source.config(), source.preprocessor())
                .flatMap(Optional::stream)
                .toList()) {
            Files.copy(file, target.resolve(file.getFileName()));
        }
        if (source.tokenizer().isPresent()) {
            for (String beside : List.of("tokenizer_config.json", "special_tokens_map.json")) {
                Path file = source.tokenizer().get().resolveSibling(beside);
                if (Files.isRegularFile(file)) {
                    Files.copy(file, target.resolve(beside));
                }
            }
        }
        return result.products();
    }

    /** Weights stay in the file, which the system pages in and out: they would fill the heap of a small machine. */
    private static ModelProto read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new ModelException(file + " has more than 2 GB; such a model cannot be quantised here");
            }
            ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, channel.size());
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(mapped).newCodedInput();
            in.enableAliasing(true);
            in.setSizeLimit(Integer.MAX_VALUE);
            return ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new ModelException(file + " is not an ONNX model: " + e.getMessage(), e);
        }
    }
}
