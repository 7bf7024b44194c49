"""Files and folders of a call, and the project file that says what is meant when a call says nothing.

Nothing is loaded here: whether there is a project file is asked by every command, and most have none.
"""
