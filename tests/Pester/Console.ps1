# A console that runs one script after another, each in a runspace of its own. A test that does not need a process of its own
# saves the start of one. Each line of the input is JSON: the script, its folder, variables of the environment, and the line that ends its output.
[Console]::SetError([Console]::Out)
while ($line = [Console]::In.ReadLine()) {
    $run = $line | ConvertFrom-Json -AsHashtable
    $before = @{}
    foreach ($name in $run.Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $run.Environment[$name])
    }

    [Environment]::CurrentDirectory = $run.Folder
    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    $code = 0
    try {
        $null = $shell.AddScript('param($script, $folder) Set-Location -LiteralPath $folder; . ([scriptblock]::Create($script))').AddArgument($run.Script).AddArgument($run.Folder)
        $null = $shell.AddCommand('Out-Default')
        $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
        $null = $shell.Invoke()
        $code = $runspace.SessionStateProxy.GetVariable('LASTEXITCODE') ?? 0
    }
    catch {
        # What ends a script ends a process with 1.
        $Host.UI.WriteErrorLine("$($_.Exception.InnerException.ErrorRecord ?? $_)")
        $code = 1
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
        $before.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) }
    }

    [Console]::Out.WriteLine("$($run.End) $code")
}
