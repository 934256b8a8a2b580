using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Chuizi.Video.Module.Tests.Structure;

/// <summary>
/// The order of the rooms (folders) of the two assemblies. A type may use only types of its own room and of rooms above it, so there
/// is no cycle between folders. The test reads the built module, which contains every dependency however it is written.
/// </summary>
public sealed class RoomTests
{
    private const string Root = "(root)";
    private const string Client = "Chuizi.Video.Client";
    private const string Module = "Chuizi.Video";

    private static readonly string[] s_clientRooms =
        ["Text", Root, "Files", "Models", "Rows", "Budget", "Api", "Ledger", "Submitting", "Waiting", "Saving", "Gallery"];

    private static readonly string[] s_moduleRooms =
    [
        Root, "Session", "Input", "Completion", "Cmdlets", "Submitting", "Waiting", "Saving", "Listing", "Reviewing", "Gallery", "Batch",
        "Commands",
    ];

    /// <summary>The rooms of one stage each, which must not use one another.</summary>
    private static readonly string[] s_stages = ["Submitting", "Waiting", "Saving", "Listing", "Reviewing", "Gallery", "Batch"];

    private static readonly Architecture s_built = new ArchLoader()
        .LoadFilteredDirectory(Path.GetDirectoryName(Repository.Module), "Chuizi.Video*.dll").Build();

    [Trait("Speed", "Medium")]
    [Fact]
    public void Client_rooms_use_only_rooms_above_them() => WrongArrows(Client, s_clientRooms, IsAllowedInClient).ShouldBeEmpty();

    [Fact]
    public void Module_rooms_use_only_rooms_above_them() => WrongArrows(Module, s_moduleRooms, IsAllowedInModule).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Chuizi.Video.Client", "Chuizi.Video.Client", "Chuizi.Video")]
    [InlineData("src/Chuizi.Video", "Chuizi.Video.Module", "Chuizi.Video.Module")]
    [InlineData("src/Chuizi.Video.Sandbox", "Chuizi.Video.Sandbox", "Chuizi.Video.Sandbox")]
    public void Namespaces_match_folders(string folder, string ofRooms, string ofRoot)
    {
        string root = Repository.PathOf(folder.Split('/'));
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string room = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            string? declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            // Types that users see share the short namespace.
            if (room.Split('.')[0] is not ("obj" or "bin") && declared is not (null or "namespace Chuizi.Video;"))
            {
                declared.ShouldBe($"namespace {(room == "." ? ofRoot : $"{ofRooms}.{room}")};", file);
            }
        }
    }

    [Fact]
    public void At_most_15_client_types_are_public() =>
        s_built
            .Types.Count(type =>
                type.Assembly.Name.StartsWith(Client, StringComparison.Ordinal) && type.Visibility == Visibility.Public && !type.IsNested)
            .ShouldBeInRange(8, 15);

    private static bool IsAllowedInClient(string from, string to) =>
        from != "Gallery" || to is Root or "Text" or "Files";

    private static bool IsAllowedInModule(string from, string to) => !(s_stages.Contains(from) && s_stages.Contains(to));

    private static IEnumerable<string> WrongArrows(string assembly, string[] rooms, Func<string, string, bool> isAllowed)
    {
        IType[] types = [.. s_built.Types.Where(type => IsOf(type, assembly))];
        types.Select(RoomOf).Distinct().Order(StringComparer.Ordinal).ShouldBe(rooms.Order(StringComparer.Ordinal));
        return types.SelectMany(type => type.Dependencies)
            .Where(arrow => IsOf(arrow.Target, assembly))
            .Select(arrow =>
                (From: RoomOf(arrow.Origin), To: RoomOf(arrow.Target), Text: $"{arrow.Origin.FullName} uses {arrow.Target.FullName}"))
            .Where(arrow => arrow.From != arrow.To)
            .Where(arrow => Array.IndexOf(rooms, arrow.To) > Array.IndexOf(rooms, arrow.From) || !isAllowed(arrow.From, arrow.To))
            .Select(arrow => arrow.Text)
            .Distinct();
    }

    // Compiler-generated types, such as those of collection expressions, have no namespace. Type parameters have no assembly.
    private static bool IsOf(IType type, string assembly) =>
        type is not GenericParameter && type.Assembly?.Name.Split(',')[0] == assembly
            && type.Namespace?.FullName.StartsWith("Chuizi.Video", StringComparison.Ordinal) == true;

    private static string RoomOf(IType type)
    {
        string[] parts = type.Namespace.FullName.Split('.');
        return parts.Length > 3 ? parts[3] : Root;
    }
}
