using System.Text.Json.Serialization;

namespace Chuizi.Video.Client.Models;

/// <summary>Reads the embedded catalog without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(VideoModel[]))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
