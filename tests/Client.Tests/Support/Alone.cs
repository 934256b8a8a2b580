using Xunit;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>
/// The tests that measure or change what all tests of the process share, such as its memory or an environment variable. They run one at a
/// time, while no other test runs.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
