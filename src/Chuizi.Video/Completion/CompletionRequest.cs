using System.Management.Automation;

namespace Chuizi.Video.Module.Completion;

/// <summary>What is to be completed.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Word">What is typed of its value.</param>
/// <param name="Line">What else is on the line.</param>
/// <param name="State">The session's location and variables.</param>
internal sealed record CompletionRequest(string Command, string Parameter, TypedWord Word, TypedLine Line, SessionState State);
