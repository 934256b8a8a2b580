using YamlDotNet.RepresentationModel;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Reads YAML files of the repository.</summary>
internal static class Yaml
{
    public static YamlNode Read(string path)
    {
        YamlStream stream = [];
        using StreamReader reader = File.OpenText(Repository.PathOf(path.Split('/')));
        stream.Load(reader);
        return stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    /// <summary>The node at a path of keys and list indices, which must exist.</summary>
    public static YamlNode At(this YamlNode node, string path)
    {
        foreach (string step in path.Split('/'))
        {
            node = node switch
            {
                YamlSequenceNode list when int.TryParse(step, out int place) => list.Children[place],
                YamlMappingNode map when map.Children.TryGetValue(step, out YamlNode? value) => value,
                _ => throw new KeyNotFoundException($"There is no '{step}' of '{path}'."),
            };
        }

        return node;
    }

    /// <summary>The text at a path.</summary>
    public static string Text(this YamlNode node, string path) => ((YamlScalarNode)node.At(path)).Value!;

    /// <summary>The texts of the list at a path.</summary>
    public static string[] Texts(this YamlNode node, string path) =>
        [.. ((YamlSequenceNode)node.At(path)).Select(item => ((YamlScalarNode)item).Value!)];

    /// <summary>The items of the list at a path.</summary>
    public static IReadOnlyList<YamlNode> Items(this YamlNode node, string path) => [.. (YamlSequenceNode)node.At(path)];
}
