package io.mlops.core.mlflow;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.core.codec.Json;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code MLmodel} file that makes a folder an MLflow model: YAML with flavors and signature. It holds nothing that
 * differs between two registrations of the same files, so that equal content keeps an equal digest.
 */
public final class MlModelFile {
    /** The name that MLflow gives to the file. */
    public static final RelativePath NAME = RelativePath.of("MLmodel");

    private static final Pattern NOT_PLAIN =
            Pattern.compile("[^ -~\\xA0-\\u2027\\u202A-\\uD7FF\\uE000-\\uFEFE\\uFF00-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private MlModelFile() {}

    /** Describes the files: flavors {@code onnx} and {@code python_function} for the one ONNX model, ours otherwise. */
    public static Content describe(SortedMap<RelativePath, Content> files, @Nullable ModelSignature signature) {
        StringBuilder yaml = new StringBuilder("flavors:\n");
        List<RelativePath> onnx = files.keySet().stream()
                .filter(path ->
                        path.value().endsWith(".onnx") && path.segments().size() == 1)
                .toList();
        if (onnx.size() == 1) {
            String data = quoted(onnx.get(0).value());
            yaml.append("  onnx:\n    data: ").append(data).append('\n');
            yaml.append("    providers: [CPUExecutionProvider]\n");
            yaml.append("  python_function:\n    data: ").append(data).append('\n');
            yaml.append("    loader_module: mlflow.onnx\n");
        } else {
            yaml.append("  java_function:\n    files:\n");
            files.keySet()
                    .forEach(path ->
                            yaml.append("    - ").append(quoted(path.value())).append('\n'));
        }
        long bytes = files.values().stream().mapToLong(Content::bytes).sum();
        yaml.append("model_size_bytes: ").append(bytes).append('\n');
        if (signature != null) {
            yaml.append("signature:\n  inputs: ").append(quoted(json(signature.inputs())));
            yaml.append("\n  outputs: ")
                    .append(quoted(json(signature.outputs())))
                    .append("\n  params: null\n");
        }
        return Content.text(yaml.toString());
    }

    /**
     * A single-quoted YAML scalar, in which only the quote itself is special; a double-quoted one with escapes if the
     * text holds what YAML forbids or folds, since Python then refuses the whole file.
     */
    private static String quoted(String text) {
        if (!NOT_PLAIN.matcher(text).find()) {
            return "'" + text.replace("'", "''") + "'";
        }
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"'
                + NOT_PLAIN
                        .matcher(escaped)
                        .replaceAll(odd -> String.format(
                                Locale.ROOT, "\\\\U%08x", odd.group().codePointAt(0)))
                + '"';
    }

    private static String json(Fields fields) {
        return Json.compact(SignatureJson.write(fields));
    }
}
